import { afterAll, beforeAll, expect, test } from 'bun:test';
import { House } from './house.ts';

/** Requests that no browser sends, byte by byte at the real port. */
let house: House;
let port = 0;
beforeAll(async () => {
  house = await House.start();
  port = Number(new URL(house.app.url ?? '').port);
});
afterAll(() => house?.dispose());

/** What comes back before the connection ends. */
function send(bytes: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let got = '';
  void Bun.connect({
    hostname: '127.0.0.1',
    port,
    socket: {
      open: (socket) => void socket.write(Buffer.from(bytes, 'latin1')),
      data: (_socket, data) => {
        got += data.toString('latin1');
      },
      close: () => resolve(got),
      error: () => resolve(got),
    },
  });
  return promise;
}

const body = '{"name":"Inverter","latitude":48,"longitude":11,"timeZone":"Europe/Berlin"}';
const get = (path: string, ...headers: string[]) =>
  [`GET ${path} HTTP/1.1`, ...headers, 'Connection: close', '', ''].join('\r\n');
const local = 'Host: localhost';

const requests: Record<string, () => string> = {
  ...Object.fromEntries(
    ['a b', 'a:99999', '[', '[::1', '"><script>', 'evil@local', 'a/b', 'a\\b', 'a?b', '%00', 'a:b:c', '::1'].flatMap(
      (host) => [
        [`a page under the name ${host}`, () => get('/', `Host: ${host}`)],
        [`the sign-in under the name ${host}`, () => get('/login', `Host: ${host}`)],
        [
          `a new source under the name ${host}`,
          () =>
            `POST /api/v1/sources HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${house.token('write')}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
        ],
      ],
    ),
  ),
  'no Host at all': () => get('/login'),
  'HTTP 1.0': () => 'GET /login HTTP/1.0\r\n\r\n',
  'two Hosts': () => get('/login', local, 'Host: evil.example'),
  'a whole address of elsewhere': () => get('http://evil.example/login', local),
  'a path upwards': () => get('/../../etc/passwd', local),
  'an asset upwards': () => get('/assets/..%2f..%2fetc/passwd', local),
  'escapes that are none': () => get('/%zz/%ff%fe?%zz=%ff', local),
  'a slash too many': () => get('//evil.example/', local),
  'more slashes too many': () => get('///evil.example//', local),
  'a line break in a parameter': () => get('/login?next=/a%0d%0aSet-Cookie:x=y', local),
  'a length and chunks': () =>
    `POST /login HTTP/1.1\r\n${local}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n`,
  'a negative length': () => `POST /login HTTP/1.1\r\n${local}\r\nContent-Length: -5\r\nConnection: close\r\n\r\n`,
  'a method that is not known': () => `PROPFIND /login HTTP/1.1\r\n${local}\r\nConnection: close\r\n\r\n`,
  'a question before another site’s request': () =>
    `OPTIONS /api/v1/me HTTP/1.1\r\n${local}\r\nOrigin: http://evil.example\r\nAccess-Control-Request-Method: POST\r\nConnection: close\r\n\r\n`,
  TRACE: () => `TRACE /login HTTP/1.1\r\n${local}\r\nConnection: close\r\n\r\n`,
  CONNECT: () => `CONNECT evil.example:80 HTTP/1.1\r\n${local}\r\nConnection: close\r\n\r\n`,
  'no HTTP': () => '\x00\x01\x02\r\n\r\n',
  'a form without its boundary': () =>
    `POST /login HTTP/1.1\r\n${local}\r\nContent-Type: multipart/form-data\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc`,
  'a form that is none': () =>
    `POST /login HTTP/1.1\r\n${local}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc`,
  'encodings that are none': () => get('/login', local, 'Accept-Encoding: gzip;q=abc,br;q=-1,;;;,*'),
  'cookies that are none': () =>
    get(
      '/login',
      local,
      'Cookie: ampra_flash=%E0%A4%A; ampra_kept=..; ampra_session=%00; ampra_theme="><; ampra_ticket=',
    ),
  'a token that is none': () => get('/api/v1/me', local, 'Authorization: Bearer \xff\xfe'),
  'a long path': () => get(`/${'a'.repeat(20_000)}`, local),
  'a long header': () => get('/', local, `X: ${'a'.repeat(200_000)}`),
  'a page of htmx that is none': () =>
    get('/account', local, 'HX-Request: true', 'HX-Current-URL: javascript:alert(1)'),
  'a proxy that nobody trusts': () =>
    get('/login', local, 'X-Forwarded-Proto: https', 'X-Forwarded-Host: evil.example', 'X-Forwarded-For: 127.0.0.1'),
};

for (const [what, make] of Object.entries(requests))
  test(`${what} gets a clear answer, nothing breaks, and no other host is named`, async () => {
    const answer = await send(make());
    const [head = ''] = answer.split('\r\n\r\n');
    expect(Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1])).toBeWithin(200, 500);
    expect(head).not.toMatch(/^(access-control|set-cookie: x=)/im);
    const location = /^location: (.*)$/im.exec(head)?.[1] ?? '/';
    expect(new URL(location, 'http://localhost').hostname).toBe('localhost');
    expect(answer).not.toContain('"><script>');
    // What is not HTTP is answered by the server beneath, which says nothing but that.
    const isBelow = /^HTTP\/1\.1 4\d\d [A-Za-z ]+\r\nConnection: close$/.test(head);
    if (!isBelow) expect(head.toLowerCase()).toContain("content-security-policy: default-src 'none'");
    const broken = house.app.base.logLines.newest().filter(({ level }) => level === 'error');
    expect(broken.map(({ message, fields }) => [message, fields.error])).toEqual([]);
  });
