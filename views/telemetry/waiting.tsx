/** Without scripts nothing asks for the rest. Written as text, because the JSX would lift a `<meta>` out into the head. */
export function GoWhereThePageWaits({ href, what = 'Show the chart' }: { href: string; what?: string }) {
  const url = href.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  const html = `<meta http-equiv="refresh" content="0; url=${url}"><a href="${url}">${what}</a>`;
  return <noscript dangerouslySetInnerHTML={{ __html: html }} />;
}
