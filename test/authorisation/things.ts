import { correctionId, type House } from './house.ts';

/** What an id in a path stands for, and how one of the owner's comes to be. */
interface Thing {
  paths: RegExp;
  make(house: House): Promise<string> | string;
  /** Takes one away that was made for one request, where only few may be. */
  drop?(house: House, id: string): void;
  /** The same where many may be; what belonged to it is removed later, by a job. */
  dropSoon?(house: House, id: string): void | Promise<void>;
}

const backupFile = 'ampra-2026-01-01-024000.tar';
/** An id that is nobody's, of the form that ids have. */
export const noSuchId = '00000000-0000-4000-8000-000000000000';

/** The first that fits a path counts. */
const things: readonly Thing[] = [
  { paths: /\{correctionId\}|:correctionId/, make: (house) => house.makeCorrectedSource(), dropSoon: dropSource },
  { paths: /^(\/api\/v1)?\/sources\/|^\/hooks\//, make: (house) => house.makeSource(), dropSoon: dropSource },
  { paths: /^(\/api\/v1)?\/groups\//, make: (house) => house.makeGroup(), dropSoon: dropGroup },
  { paths: /^(\/api\/v1)?\/connections\//, make: (house) => house.makeConnection(), drop: dropConnection },
  { paths: /^\/account\/tokens\/|^\/api\/v1\/tokens\//, make: (house) => house.makeToken(), dropSoon: dropToken },
  { paths: /^\/account\/sessions\//, make: (house) => house.makeSession() },
  { paths: /^(\/api\/v1)?\/users\//, make: (house) => house.makeUser() },
  { paths: /^\/system\/jobs\//, make: (house) => house.makeJob() },
  { paths: /^\/api\/v1\/jobs\//, make: (house) => house.makeOwnJob() },
  { paths: /^\/system\/backups\/:place/, make: (house) => house.makeBackup(backupFile) },
  { paths: /^\/system\/replaced\//, make: (house) => house.makeReplaced() },
  { paths: /^\/(system\/backups|setup\/restore)\/upload\//, make: () => noSuchId },
  { paths: /^\/invite\//, make: async (house) => house.makeInvite(await house.makeUser()) },
];

/** Other parts of paths than the id of the thing. */
const otherParts: Readonly<Record<string, string>> = {
  ...{ from: '2024-01-01', effectiveFrom: '2024-01-01', correctionId },
  ...{ name: backupFile, offset: '0', version: 'solar-20260101-022300' },
};

function dropSource(house: House, id: string): void {
  house.app.features.sources.service.remove(house.viewer('owner'), id);
}

async function dropGroup(house: House, id: string): Promise<void> {
  await house.app.features.sources.groups.remove(house.viewer('owner'), id);
}

function dropToken(house: House, id: string): void {
  house.app.features.accounts.service.tokens.revoke(house.viewer('owner'), id, 'test');
}

function dropConnection(house: House, id: string): void {
  house.app.features.connections.service.remove(house.viewer('owner'), id);
}

/** Paths of a route with the ids of the owner's things filled in. */
export class Paths {
  private readonly shared = new Map<Thing, string>();
  /** `isTidy`: for tests that make more things than there may be. */
  constructor(
    private readonly house: House,
    private readonly isTidy = false,
  ) {}

  /** `isFresh`: about something made for this request alone, since it may be gone after it; `done` tidies it away. */
  async about(route: string, isFresh: boolean): Promise<{ path: string; id: string; done(): Promise<void> }> {
    const done = async () => undefined;
    if (!/[:{]/.test(route)) return { path: route, id: '', done };
    const thing = things.find(({ paths }) => paths.test(route));
    if (!thing)
      throw new Error(`Nobody knows what the id in ${route} stands for: add it to test/authorisation/things.ts`);
    const id = isFresh ? await thing.make(this.house) : await this.sharedOf(thing);
    const drop = async () => {
      if (!isFresh) return;
      thing.drop?.(this.house, id);
      if (this.isTidy) await thing.dropSoon?.(this.house, id);
    };
    return { path: fill(route, id), id, done: drop };
  }

  private async sharedOf(thing: Thing): Promise<string> {
    const known = this.shared.get(thing) ?? (await thing.make(this.house));
    this.shared.set(thing, known);
    return known;
  }
}

/** The path of a route with `id` as its first parameter, and usual values for the rest. */
export function fill(route: string, id: string): string {
  let isFirst = true;
  return route.replace(/:(\w+)|\{(\w+)\}/g, (_whole, inPage: string | undefined, inApi: string | undefined) => {
    const name = inPage ?? inApi ?? '';
    const value = isFirst ? id : otherParts[name];
    isFirst = false;
    if (value === undefined)
      throw new Error(`Nobody knows what to put for ${name} in ${route}: add it to test/authorisation/things.ts`);
    return value;
  });
}
