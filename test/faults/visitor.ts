/** Somebody with a browser that keeps cookies and sends the token of the last form it saw. */
export class Visitor {
  private readonly cookies = new Map<string, string>();
  private token = '';

  constructor(public url: string) {}

  async get(path: string): Promise<{ status: number; text: string; location: string | null }> {
    return this.take(await fetch(`${this.url}${path}`, { headers: this.headers(), redirect: 'manual' }));
  }

  /** Bytes of a download. */
  async download(path: string): Promise<Uint8Array> {
    const response = await fetch(`${this.url}${path}`, { headers: this.headers() });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return response.bytes();
  }

  async post(path: string, fields: Record<string, string> = {}) {
    const body = new URLSearchParams({ _csrf: this.token, ...fields });
    const init = { method: 'POST', body, headers: this.headers(), redirect: 'manual' } as const;
    return this.take(await fetch(`${this.url}${path}`, init));
  }

  /** Sends a file as backups.js does; gives the place to go next, or the refusal. */
  async upload(path: string, bytes: Uint8Array, fields: Record<string, string> = {}): Promise<string> {
    const begun = await this.json(
      path,
      new URLSearchParams({ _csrf: this.token, bytes: String(bytes.length), ...fields }),
    );
    if (typeof begun.id !== 'string') return String(begun.detail);
    for (let at = 0; at < bytes.length; ) {
      const piece = bytes.slice(at, at + Number(begun.pieceBytes));
      const { received } = await this.json(`${path}/${begun.id}/pieces/${at}`, piece);
      if (typeof received !== 'number') throw new Error('a piece was refused');
      at = received;
    }
    const ended = await this.json(`${path}/${begun.id}/end`, new URLSearchParams({ _csrf: this.token, ...fields }));
    return String(ended.location ?? ended.detail);
  }

  async signIn(email: string, password: string): Promise<number> {
    this.cookies.clear();
    await this.get('/login');
    return (await this.post('/login', { email, password })).status;
  }

  private async json(path: string, body: URLSearchParams | Uint8Array<ArrayBuffer>): Promise<Record<string, unknown>> {
    const headers = { ...this.headers(), 'X-CSRF-Token': this.token, accept: 'application/json' };
    const response = await fetch(`${this.url}${path}`, { method: 'POST', body, headers });
    return (await response.json()) as Record<string, unknown>;
  }

  private headers(): Record<string, string> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return { cookie, origin: this.url };
  }

  private async take(response: Response) {
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/max-age=0/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const text = await response.text();
    this.token = /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? this.token;
    return { status: response.status, text, location: response.headers.get('location') };
  }
}
