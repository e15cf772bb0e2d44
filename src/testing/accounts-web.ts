import { addAccountRoutes } from '../accounts/account.web.tsx';
import { addAccountsApi } from '../accounts/accounts-api.web.ts';
import { addPasswordRoutes } from '../accounts/password.web.tsx';
import { addRegistrationRoutes } from '../accounts/registration.web.tsx';
import { createResolveViewer } from '../accounts/resolve-viewer.web.ts';
import { addSetUpRoutes } from '../accounts/set-up.web.tsx';
import { addSignInRoutes } from '../accounts/sign-in.web.tsx';
import { addUsersRoutes } from '../accounts/users.web.tsx';
import { ok } from '../core/result.ts';
import type { Web } from '../web/server.ts';
import { testWeb } from '../web/testing.ts';
import { type AccountsWorld, accountsWorld, goodPassword, visitor } from './accounts.ts';

export interface AccountsWeb extends AccountsWorld {
  web: Web;
  stop(): void;
}

/** The pages and the API of accounts over a real database. */
export function accountsWeb(options: { hasMail?: boolean } = {}): AccountsWeb {
  const world = accountsWorld(options);
  const { service, clock } = world;
  const web = testWeb(
    {},
    {
      clock,
      resolveViewer: createResolveViewer(service.viewers),
      onboarding: () => (service.setUp.stepFor(null) === 'account' ? '/setup' : null),
    },
  );
  service.setUp.plugFirstSource({
    create: async (_viewer, { name, connectionType }) => {
      const secrets = {
        mqttTopic: 'ampra/1/telemetry',
        mqttApiKey: 'the-api-key',
        webhookPath: '/hooks/1',
        webhookSecret: 's',
      };
      return ok({ id: '1', name, connectionType, ...secrets });
    },
  });
  addSignInRoutes(web.routes, service);
  addSetUpRoutes(web.routes, service, {
    connection: () => ({ mqttPort: 1883, publicUrl: '', lanAddress: '192.168.1.20' }),
  });
  addRegistrationRoutes(web.routes, service);
  addPasswordRoutes(web.routes, service);
  addAccountRoutes(web.routes, service);
  addUsersRoutes(web.routes, service);
  addAccountsApi(web.routes, service);
  return { ...world, web, stop: () => web.stop() };
}

/** A browser without scripts: keeps cookies and sends the token of the page it last saw. */
export class AccountsBrowser {
  readonly cookies = new Map<string, string>();
  private token = '';
  constructor(
    private readonly world: AccountsWeb,
    private readonly address: string,
    private readonly host = '192.168.1.20:8080',
    private readonly headers: Record<string, string> = {},
  ) {}

  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.ask(path, { headers });
  }

  /** The page's text; its form token is sent with the next post. */
  async page(path: string): Promise<string> {
    const text = await (await this.get(path)).text();
    this.token = /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? this.token;
    return text;
  }

  /** Posts a form; where the token belongs to an older page, it looks at one first. */
  async post(
    path: string,
    form: Record<string, string>,
    more: { token?: string; headers?: Record<string, string> } = {},
  ): Promise<Response> {
    const body = new URLSearchParams({ ...form, _csrf: more.token ?? this.token }).toString();
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded', ...more.headers };
    return this.ask(path, { method: 'POST', body, headers });
  }

  async signIn(email: string, password = goodPassword, next = '/'): Promise<Response> {
    await this.page('/login');
    const answer = await this.post('/login', { email, password, next });
    if (answer.status === 303) await this.page('/account');
    return answer;
  }

  private async ask(
    path: string,
    init: { method?: string; body?: string; headers: Record<string, string> },
  ): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = {
      Host: this.host,
      'User-Agent': visitor.userAgent,
      Cookie: cookie,
      ...this.headers,
      ...init.headers,
    };
    const answer = await this.world.web.fetch(
      new Request(`http://${this.host}${path}`, { ...init, headers }),
      this.address,
    );
    for (const line of answer.headers.getSetCookie()) this.keep(line);
    return answer;
  }

  private keep(line: string): void {
    const [pair = ''] = line.split(';');
    const at = pair.indexOf('=');
    const name = pair.slice(0, at);
    if (/Max-Age=0/i.test(line)) this.cookies.delete(name);
    else this.cookies.set(name, pair.slice(at + 1));
  }
}
