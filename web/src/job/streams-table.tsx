import type { JobManifest } from '../api/answers.ts';
import { Icon, type IconName } from '../ui/icon.tsx';

const ICONS: Readonly<Record<JobManifest['streams'][number]['fate'], IconName>> = {
  kept: 'check',
  converted: 'convert',
  dropped: 'cancel',
};

/** What became of each stream of the source, and why. */
export const StreamsTable = ({ streams }: Pick<JobManifest, 'streams'>) => (
  <table class="streams">
    <thead>
      <tr>
        <th scope="col">Stream</th>
        <th scope="col">Became</th>
        <th scope="col">Why</th>
      </tr>
    </thead>
    <tbody>
      {streams.map(({ index, type, codec, fate, why }) => (
        <tr key={`${index} ${codec}`}>
          <th scope="row">
            <span class="number">{index}</span> {type} <code>{codec}</code>
          </th>
          <td>
            <span class={`badge ${fate}`}>
              <Icon name={ICONS[fate]} />
              {fate}
            </span>
          </td>
          <td>{why}</td>
        </tr>
      ))}
    </tbody>
  </table>
);
