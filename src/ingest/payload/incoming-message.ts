/** A message as it came in, before anybody knows what it means. */
export interface IncomingMessage {
  topic: string;
  payload: Uint8Array;
  /** ms UTC by the appliance's clock. */
  receivedAt: number;
  isRetained: boolean;
}
