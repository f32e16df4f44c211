/** Draws what a terminal has shown, line by line, as an animated SVG without scripts or fonts of its own. */

/** A line of terminal output, with its colour codes, and when it appeared, in milliseconds. */
export interface TimedLine {
  readonly at: number;
  readonly text: string;
}

interface Span {
  readonly text: string;
  readonly color: string;
  readonly bold: boolean;
}

const COLUMNS = 108;
const ROWS = 30;
const CHARACTER = 7.8;
const LINE = 17;
const MARGIN = 14;
/** A pause between two lines is shown for no longer, so that nobody waits for a rollout. */
const LONGEST_PAUSE_MS = 1_400;
const SHORTEST_PAUSE_MS = 60;
const LAST_FRAME_MS = 6_000;

const FOREGROUND = "#d8dee9";
const BACKGROUND = "#1f2430";
/** Of SGR 30 to 37, and 90 to 97. */
const colors = ["#4c566a", "#f28779", "#bae67e", "#ffd580", "#73d0ff", "#d4bfff", "#95e6cb", FOREGROUND];

export function terminalSvg(title: string, lines: readonly TimedLine[]): string {
  const frames = compress(lines);
  const length = (frames.at(-1)?.at ?? 0) + LAST_FRAME_MS;
  const percent = (ms: number) => `${((100 * ms) / length).toFixed(2)}%`;
  const width = MARGIN * 2 + COLUMNS * CHARACTER;
  const height = MARGIN * 2 + ROWS * LINE;
  const styles = frames.map(
    ({ at }, index) =>
      `@keyframes l${index}{0%{opacity:0}${percent(at)}{opacity:1}}.l${index}{animation-name:l${index}}`,
  );
  const scroll = frames.flatMap(({ at }, index) =>
    index < ROWS ? [] : [`${percent(at)}{transform:translateY(${-(index - ROWS + 1) * LINE}px)}`],
  );
  const texts = frames.map(
    ({ text }, index) =>
      `<text class="l${index}" x="${MARGIN}" y="${MARGIN + LINE * (index + 0.8)}">${spans(text).map(tspan).join("")}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img">`,
    `<title>${escape(title)}</title>`,
    "<style>",
    `text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre;animation:${length}ms step-end infinite both}`,
    `.scroll{animation:scroll ${length}ms step-end infinite both}`,
    ...styles,
    `@keyframes scroll{0%{transform:none}${scroll.join("")}}`,
    "</style>",
    `<rect width="100%" height="100%" rx="8" fill="${BACKGROUND}"/>`,
    `<clipPath id="c"><rect x="0" y="${MARGIN}" width="${width}" height="${ROWS * LINE}"/></clipPath>`,
    `<g clip-path="url(#c)"><g class="scroll">`,
    ...texts,
    "</g></g>",
    "</svg>",
    "",
  ].join("\n");
}

function compress(lines: readonly TimedLine[]): readonly TimedLine[] {
  let before = lines[0]?.at ?? 0;
  let at = 0;
  return lines.map((line) => {
    at += Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, line.at - before));
    before = line.at;
    return { at, text: line.text };
  });
}

/** Colours and bold of SGR sequences; all other sequences are dropped, and what is too long for a line. */
function spans(line: string): readonly Span[] {
  const found: Span[] = [];
  let color = FOREGROUND;
  let bold = false;
  let room = COLUMNS;
  // eslint-disable-next-line no-control-regex -- terminals are controlled by such characters
  for (const part of line.split(/(\u001b\[[\d;]*[A-Za-z])/)) {
    const codes = part.startsWith("\u001b[") ? part.slice(2, -1).split(";").map(Number) : undefined;
    if (codes === undefined) {
      const text = part.slice(0, room);
      room -= text.length;
      if (text !== "") found.push({ text, color, bold });
      continue;
    }
    for (const code of part.endsWith("m") ? codes : []) {
      if (code === 0) [color, bold] = [FOREGROUND, false];
      else if (code === 1) bold = true;
      else color = colors[code >= 90 ? code - 90 : code - 30] ?? color;
    }
  }
  return found;
}

function tspan({ text, color, bold }: Span): string {
  const weight = bold ? ' font-weight="bold"' : "";
  return `<tspan fill="${color}"${weight}>${escape(text)}</tspan>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
