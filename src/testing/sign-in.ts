/** Signs in over HTTP as a browser without scripts does; gives its cookies for the `Cookie` header. */
export async function signInAt(url: string, login: { email: string; password: string }): Promise<string> {
  const page = await fetch(`${url}/login`);
  const cookies = page.headers.getSetCookie().map(pairOf);
  const token = /name="_csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
  const answer = await fetch(`${url}/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { Cookie: cookies.join('; '), Origin: url },
    body: new URLSearchParams({ ...login, _csrf: token }),
  });
  return answer.headers.getSetCookie().map(pairOf).join('; ');
}

const pairOf = (cookie: string): string => cookie.split(';')[0] ?? '';
