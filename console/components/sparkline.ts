import { svg, html, type TemplateResult } from 'lit';

const WIDTH = 240;
const HEIGHT = 48;

/** A small line of figures, the latest at the end. Gaps are where there was none. */
export function sparkline(values: readonly (number | null)[], length: number, label: string): TemplateResult {
  const top = Math.max(1, ...values.map((value) => value ?? 0)) * 1.12;
  const x = (nth: number) => round(WIDTH - ((values.length - 1 - nth) / Math.max(1, length - 1)) * WIDTH);
  const y = (value: number) => round(HEIGHT - 1.5 - (value / top) * (HEIGHT - 3));
  const runs = runsOf(values);
  const lines = runs.map((run) => `M${run.map(([nth, value]) => `${x(nth)} ${y(value)}`).join('L')}`);
  const areas = runs.map(
    (run, nth) => `${lines[nth] ?? ''}L${x(run.at(-1)?.[0] ?? 0)} ${HEIGHT}L${x(run[0]?.[0] ?? 0)} ${HEIGHT}Z`,
  );
  return html`<svg
    class="spark"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    preserveAspectRatio="none"
    role="img"
    aria-label=${label}
  >
    ${svg`<path class="area" d=${areas.join('')}></path><path class="line" d=${lines.join('')}></path>`}
  </svg>`;
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** The stretches without gaps; a lonely value gets a little width. */
function runsOf(values: readonly (number | null)[]): [number, number][][] {
  const runs: [number, number][][] = [];
  let run: [number, number][] = [];
  for (const [nth, value] of values.entries()) {
    if (value !== null) {
      if (run.length === 0) runs.push(run);
      run.push([nth, value]);
    } else run = [];
  }
  return runs.map((one) =>
    one.length === 1 && one[0]
      ? [
          [one[0][0] - 0.4, one[0][1]],
          [one[0][0] + 0.4, one[0][1]],
        ]
      : one,
  );
}
