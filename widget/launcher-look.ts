/** The launcher's look, shared by the element and the loader that stands in for it: same look, no shift. */

export const CHAT_PATH =
  'M12 3.8c-4.8 0-8.5 3.2-8.5 7.4 0 2.4 1.2 4.5 3.1 5.8v3.2l3.1-1.8c.7.2 1.5.2 2.3.2 4.8 0 8.5-3.2 8.5-7.4S16.8 3.8 12 3.8Z';

export const LAUNCHER_CSS = `
.root{all:initial;font-family:var(--co-talk-font,inherit);font-size:14px;line-height:20px;-webkit-font-smoothing:antialiased;text-size-adjust:100%}
.launch{position:fixed;inset-block-end:max(20px,env(safe-area-inset-bottom));inset-inline-end:max(20px,env(safe-area-inset-right));z-index:var(--co-talk-z-index,2147483000)}
.launcher{all:unset;box-sizing:border-box;position:relative;inline-size:60px;block-size:60px;border-radius:50%;display:grid;place-items:center;cursor:pointer;-webkit-tap-highlight-color:transparent;
color:var(--ct-on-accent,var(--co-talk-on-accent,#fff));background:var(--ct-accent,var(--co-talk-accent,#3d5afe));
box-shadow:0 10px 28px -6px color-mix(in srgb,var(--ct-accent,var(--co-talk-accent,#3d5afe)) 60%,transparent),0 2px 6px rgb(16 24 40/.16)}
.launcher:focus-visible{outline:3px solid var(--ct-accent,var(--co-talk-accent,#3d5afe));outline-offset:3px}
.launcher svg{inline-size:27px;block-size:27px;fill:none;stroke:currentcolor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}
.count{position:absolute;inset-block-start:-3px;inset-inline-end:-3px;box-sizing:border-box;block-size:24px;min-inline-size:24px;padding:0 5px;border-radius:12px;border:2px solid #fff;
background:#d0281c;color:#fff;font-size:12px;line-height:20px;font-weight:650;text-align:center}
@media(prefers-reduced-motion:no-preference){.launcher{transition:transform .15s}.launcher:active{transform:scale(.94)}.launcher[aria-busy=true] svg{animation:co-talk-busy 1s ease-in-out infinite alternate}}
@media(forced-colors:active){.launcher{border:2px solid ButtonText}}
@keyframes co-talk-busy{to{opacity:.35}}
`;
