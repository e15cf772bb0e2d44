export interface Mail {
  to: string;
  subject: string;
  /** Plain text; lines are broken by the reader. */
  text: string;
}

/** Sends mail through the owner's mail server. Implemented by `src/platform/mail.ts`; absent when none is configured. */
export interface Mailer {
  /** Hands one mail to the server; throws when it did not take it. Called from a job, so that it is tried again. */
  send(mail: Mail): Promise<void>;
  /** Queues a mail without secrets: its text stays in the job table until it was sent. */
  enqueue(mail: Mail): void;
}
