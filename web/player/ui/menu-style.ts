/** What is only seen once somebody opens the menu or points at the seek bar. */
export const MENU_STYLE = `
.preview { position: absolute; bottom: 2rem; left: 0; pointer-events: none; text-align: center; translate: -50%; }
.preview div { border: 2px solid #fff; border-radius: 6px; background-color: #000; background-repeat: no-repeat; }
.preview span { display: inline-block; margin-top: .2rem; padding: 0 .4rem; background: #000c; }
.menu { position: absolute; z-index: 7; right: .5rem; bottom: 4.2rem; max-height: calc(100% - 5rem); overflow: auto; padding: .6rem .9rem .8rem;
  min-width: 12rem; border-radius: 12px; background: #14161ef2; border: 1px solid #fff3; }
fieldset { border: 0; margin: 0 0 .5rem; padding: 0; }
legend { color: #c9ceda; }
label { display: flex; gap: .55rem; align-items: center; padding: .3rem .2rem; border-radius: 6px; cursor: pointer; overflow-wrap: anywhere; }
label input { accent-color: var(--accent); width: 1.05rem; height: 1.05rem; margin: 0; flex: none; }
`;
