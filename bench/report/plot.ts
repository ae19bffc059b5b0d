import type { Plot, Series } from "../benchmark.ts";
import { type Scale, scaleOf } from "./scale.ts";
import { figureText } from "./text.ts";

const WIDTH = 720;
const HEIGHT = 380;
const EDGE = { left: 72, right: 24, top: 84, bottom: 56 };
const LEGEND_LINE = 18;

/** More points than this on a line nobody can tell apart. */
const MAXIMUM_POINTS = 240;

/** The colours follow the reader's, light or dark, and so does the ground: it is readable on any page. */
const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #424a53 }
  .title { font-size: 15px; font-weight: 600; fill: #1f2328 }
  .ground { fill: #ffffff }
  .grid { stroke: #d1d9e0; stroke-width: 1 }
  .line { fill: none; stroke-width: 2.25; stroke-linejoin: round }
  .s0 { stroke: #0969da } .p0 { fill: #0969da }
  .s1 { stroke: #bc4c00; stroke-dasharray: 7 4 } .p1 { fill: #bc4c00 }
  .s2 { stroke: #6e7781; stroke-dasharray: 2 4 } .p2 { fill: #6e7781 }
  @media (prefers-color-scheme: dark) {
    text { fill: #b1bac4 }
    .title { fill: #f0f6fc }
    .ground { fill: #0d1117 }
    .grid { stroke: #30363d }
    .s0 { stroke: #58a6ff } .p0 { fill: #58a6ff }
    .s1 { stroke: #f0883e } .p1 { fill: #f0883e }
    .s2 { stroke: #9198a1 } .p2 { fill: #9198a1 }
  }
`;

/** Draws a plot of up to three series as SVG. They differ by dashes as well as by colour. */
export function plotSvg({ title, x, y, series }: Plot): string {
  const points = series.flatMap((one) => one.points);
  const scaleX = scaleOf(
    x,
    points.map(([value]) => value),
  );
  const scaleY = scaleOf(
    y,
    points.map(([, value]) => value),
  );
  const bottom = HEIGHT - EDGE.bottom;
  const middleY = (EDGE.top + bottom) / 2;
  const parts = [
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}</style>`,
    `<rect class="ground" width="${WIDTH}" height="${HEIGHT}" rx="6"/>`,
    `<text class="title" x="${EDGE.left}" y="26">${escaped(title)}</text>`,
    ...legend(series),
    ...scaleY.ticks.flatMap((tick) => [
      `<line class="grid" x1="${EDGE.left}" x2="${WIDTH - EDGE.right}" y1="${yOf(tick, scaleY)}" y2="${yOf(tick, scaleY)}"/>`,
      `<text x="${EDGE.left - 8}" y="${yOf(tick, scaleY) + 4}" text-anchor="end">${tickText(tick)}</text>`,
    ]),
    ...scaleX.ticks.map(
      (tick) =>
        `<text x="${xOf(tick, scaleX)}" y="${bottom + 20}" text-anchor="middle">${tickText(tick)}</text>`,
    ),
    `<text x="${(EDGE.left + WIDTH - EDGE.right) / 2}" y="${HEIGHT - 14}" text-anchor="middle">${escaped(x.label)}</text>`,
    `<text x="18" y="${middleY}" text-anchor="middle" transform="rotate(-90 18 ${middleY})">${escaped(y.label)}</text>`,
    ...series.map((one, index) => line(one, index, scaleX, scaleY)),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img">\n${parts.join("\n")}\n</svg>\n`;
}

const xOf = (value: number, { place }: Scale): number =>
  rounded(EDGE.left + place(value) * (WIDTH - EDGE.left - EDGE.right));

const yOf = (value: number, { place }: Scale): number =>
  rounded(HEIGHT - EDGE.bottom - place(value) * (HEIGHT - EDGE.top - EDGE.bottom));

const rounded = (pixels: number): number => Math.round(pixels * 10) / 10;

const tickText = (tick: number): string =>
  Number.isInteger(tick) ? figureText(tick) : String(tick);

/** Two to a line: names are long. */
function legend(series: readonly Series[]): readonly string[] {
  const column = (WIDTH - EDGE.left - EDGE.right) / 2;
  return series.flatMap(({ name }, index) => {
    const x = EDGE.left + (index % 2) * column;
    const y = 48 + Math.floor(index / 2) * LEGEND_LINE;
    return [
      `<line class="line s${index}" x1="${x}" x2="${x + 26}" y1="${y - 4}" y2="${y - 4}"/>`,
      `<text x="${x + 34}" y="${y}">${escaped(name)}</text>`,
    ];
  });
}

function line({ points }: Series, index: number, scaleX: Scale, scaleY: Scale): string {
  const every = Math.ceil(points.length / MAXIMUM_POINTS);
  const shown = points.filter((_, at) => at % every === 0 || at === points.length - 1);
  const places = shown.map(([x, y]) => `${xOf(x, scaleX)},${yOf(y, scaleY)}`);
  const [endX, endY] = places.at(-1)?.split(",") ?? [];
  return [
    `<polyline class="line s${index}" points="${places.join(" ")}"/>`,
    `<circle class="p${index}" cx="${endX}" cy="${endY}" r="4"/>`,
  ].join("\n");
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
