import 'virtual:design.css';
import './style/base.css';
import './style/parts.css';
import './style/add.css';
import './style/jobs.css';
import './style/job.css';
import { render } from 'preact';
import { Entrance } from './entrance.tsx';

const place = document.getElementById('app');
if (place) render(<Entrance />, place);
