/** Counted over all clients. */
export interface BrokerCounters {
  received: number;
  sent: number;
  dropped: number;
  refused: number;
  connections: number;
  failedLogins: number;
}
