/**
 * Tells systemd how the service is: the protocol of sd_notify(3), one datagram a message to the socket that
 * `NOTIFY_SOCKET` names. Bun has no datagram sockets for local paths, so the three calls go to libc. Where that fails
 * nothing is told: the unit then waits in vain, which systemd reports, and the appliance runs all the same.
 */
export interface ServiceManager {
  /** `READY=1`, `STOPPING=1`, `STATUS=...`, `WATCHDOG=1`; several lines may go in one message. */
  notify(message: string): boolean;
  /** How often to say `WATCHDOG=1`, ms; null when systemd does not ask for it. */
  readonly watchdogMs: number | null;
}

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const PATH_LENGTH = 108;

/** The service manager that started this process, or null. */
export async function serviceManager(env: Record<string, string | undefined>): Promise<ServiceManager | null> {
  const path = env.NOTIFY_SOCKET;
  if (!path || !/^[/@]/.test(path) || Buffer.byteLength(path) >= PATH_LENGTH) return null;
  const send = await datagramSender(path).catch(() => null);
  return send ? { notify: send, watchdogMs: watchdogInterval(env) } : null;
}

/** Half of what systemd allows, as its manual recommends. */
function watchdogInterval(env: Record<string, string | undefined>): number | null {
  const isOurs = env.WATCHDOG_PID === undefined || Number(env.WATCHDOG_PID) === process.pid;
  const us = Number(env.WATCHDOG_USEC);
  return isOurs && us > 0 ? us / 2000 : null;
}

async function datagramSender(path: string): Promise<(message: string) => boolean> {
  const { dlopen, FFIType, ptr } = await import('bun:ffi');
  const { symbols: libc } = dlopen('libc.so.6', {
    socket: { args: [FFIType.i32, FFIType.i32, FFIType.i32], returns: FFIType.i32 },
    sendto: {
      args: [FFIType.i32, FFIType.ptr, FFIType.u64, FFIType.i32, FFIType.ptr, FFIType.u32],
      returns: FFIType.i64,
    },
    close: { args: [FFIType.i32], returns: FFIType.i32 },
  });
  const address = socketAddress(path);
  return (message) => {
    const socket = libc.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket < 0) return false;
    const bytes = Buffer.from(message);
    const sent = libc.sendto(socket, ptr(bytes), bytes.length, 0, ptr(address), address.length);
    libc.close(socket);
    return Number(sent) === bytes.length;
  };
}

/** struct sockaddr_un; a leading @ stands for the zero byte of an abstract address. */
function socketAddress(path: string): Uint8Array {
  const name = Buffer.from(path);
  if (name[0] === 0x40) name[0] = 0;
  const address = new Uint8Array(2 + name.length + (name[0] === 0 ? 0 : 1));
  new DataView(address.buffer).setUint16(0, AF_UNIX, true);
  address.set(name, 2);
  return address;
}
