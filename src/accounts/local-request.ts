/**
 * True if a request comes from this very machine: a loopback address, not through a proxy, and under a loopback name. The
 * name counts, so that a page elsewhere cannot reach it by pointing its own domain here (DNS rebinding).
 */
export function isLocalRequest(request: { address: string; host: string; isForwarded: boolean }): boolean {
  const host = request.host.toLowerCase().replace(/:\d+$/, '');
  const isLoopbackName = host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
  const isLoopback = request.address === '::1' || /^(::ffff:)?127(\.\d{1,3}){3}$/.test(request.address);
  return isLoopback && isLoopbackName && !request.isForwarded;
}
