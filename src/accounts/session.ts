/** A place where somebody is signed in. `id` is no secret: it does not open the session. Times are ms UTC. */
export interface Session {
  id: string;
  userId: string;
  createdAt: number;
  lastSeenAt: number;
  expiresAt: number;
  address: string;
  userAgent: string;
}
