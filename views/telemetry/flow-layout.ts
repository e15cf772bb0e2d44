import { type FlowName, type FlowNode, flowNames } from '../../src/telemetry/live/flows.ts';

/** Where the nodes of the flow picture stand, in units of its 360-wide view box. */
export interface NodePlace {
  x: number;
  y: number;
  r: number;
  /** Direction away from the middle, where the badge sits. */
  out: readonly [number, number];
}

export interface FlowLayout {
  height: number;
  places: Partial<Record<FlowNode, NodePlace>>;
  centre: readonly [number, number];
}

const R = 54;
const up = [0, -1] as const;
const down = [0, 1] as const;
const left = [-1, 0] as const;
const right = [1, 0] as const;
const upLeft = [-0.71, -0.71] as const;
const downLeft = [-0.71, 0.71] as const;

/** A picture that fits the nodes that are there, so that nothing stands where nothing is. */
export function flowLayout(present: ReadonlySet<FlowNode>): FlowLayout {
  const side: FlowNode | null = present.has('grid') ? 'grid' : present.has('generator') ? 'generator' : null;
  const hasBoth = present.has('grid') && present.has('generator');
  if (side && present.has('battery')) {
    return {
      height: 376,
      centre: [180, 188],
      places: {
        solar: { x: hasBoth ? 186 : 180, y: 73, r: R, out: up },
        load: { x: 290, y: 188, r: R, out: right },
        battery: { x: 180, y: 303, r: R, out: down },
        [side]: { x: 70, y: 188, r: R, out: left },
        ...(hasBoth ? { generator: { x: 64, y: 64, r: 46, out: upLeft } } : {}),
      },
    };
  }
  if (side) {
    return {
      height: 296,
      centre: [180, 190],
      places: {
        solar: { x: hasBoth ? 200 : 180, y: 73, r: R, out: up },
        load: { x: 290, y: 224, r: R, out: right },
        [side]: { x: 70, y: 224, r: R, out: left },
        ...(hasBoth ? { generator: { x: 72, y: 76, r: 46, out: upLeft } } : {}),
      },
    };
  }
  if (present.has('battery')) {
    return {
      height: 340,
      centre: [150, 170],
      places: {
        solar: { x: 84, y: 72, r: R, out: upLeft },
        load: { x: 286, y: 170, r: R, out: right },
        battery: { x: 84, y: 268, r: R, out: downLeft },
      },
    };
  }
  return {
    height: 148,
    centre: [180, 74],
    places: { solar: { x: 74, y: 74, r: R, out: left }, load: { x: 286, y: 74, r: R, out: right } },
  };
}

export interface FlowLine {
  name: FlowName;
  from: FlowNode;
  to: FlowNode;
  path: string;
  /** Middle of the line and where it points there, for an arrow that stands still. Degrees clockwise from the right. */
  middle: { x: number; y: number; angle: number };
}

const ends = (name: FlowName): [FlowNode, FlowNode] => {
  const [from = '', to = ''] = name.split('To');
  return [from as FlowNode, to.toLowerCase() as FlowNode];
};

/** The lines between the nodes that are there; each bends through the middle, so that no two run on top of each other. */
export function flowLines(layout: FlowLayout): FlowLine[] {
  const round = (n: number): number => Math.round(n * 10) / 10;
  return flowNames.flatMap((name) => {
    const [from, to] = ends(name);
    const a = layout.places[from];
    const b = layout.places[to];
    if (!a || !b) return [];
    const [cx, cy] = layout.centre;
    const bend = 0.72;
    const x = (a.x + b.x) / 2 + (cx - (a.x + b.x) / 2) * bend;
    const y = (a.y + b.y) / 2 + (cy - (a.y + b.y) / 2) * bend;
    const middle = {
      x: round(a.x / 4 + x / 2 + b.x / 4),
      y: round(a.y / 4 + y / 2 + b.y / 4),
      angle: Math.round((Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI),
    };
    return [{ name, from, to, path: `M${a.x} ${a.y}Q${round(x)} ${round(y)} ${b.x} ${b.y}`, middle }];
  });
}

/** Thickness of a line for a power: grows with its root, so that 200 W is seen and 10 kW does not drown the rest. */
export function lineWidth(watts: number): number {
  if (watts <= 0) return 0;
  return Math.round(Math.min(13, 3 + 3.6 * Math.sqrt(watts / 1000)) * 2) / 2;
}

/** Calm in four steps, so that a small change of power does not restart the movement. */
export function linePace(watts: number): 1 | 2 | 3 | 4 {
  if (watts < 300) return 1;
  if (watts < 1200) return 2;
  return watts < 4000 ? 3 : 4;
}
