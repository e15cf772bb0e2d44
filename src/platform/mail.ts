import { createTransport, type Transporter } from 'nodemailer';
import { seconds } from '../core/durations.ts';
import type { JobQueue } from '../core/jobs.ts';
import type { Mail, Mailer } from '../core/mail.ts';

export interface SmtpMailerOptions {
  /** `smtp://user:password@host:587` or `smtps://...`. */
  smtpUrl: string;
  /** Sender, `Ampra <ampra@example.org>`. */
  from: string;
  jobs: JobQueue;
  /** Shorter in tests. */
  patience?: SmtpPatience;
}

/** How long each step of the talk with the server may take, ms. */
export interface SmtpPatience {
  connectionTimeout: number;
  greetingTimeout: number;
  socketTimeout: number;
}
export const smtpPatience: SmtpPatience = {
  connectionTimeout: seconds(15),
  greetingTimeout: seconds(15),
  socketTimeout: seconds(30),
};

const sendJob = 'mail';

/** Mail by the owner's SMTP server; waiting mails lie in the job table and are tried again with growing pauses. */
export class SmtpMailer implements Mailer {
  private transport: Transporter | null = null;
  constructor(private readonly options: SmtpMailerOptions) {}

  /** Defines the job that sends what was queued; before the job table starts. */
  defineJobs(): void {
    this.options.jobs.define({
      kind: sendJob,
      title: 'Send a mail',
      maxAttempts: 6,
      run: (context) => this.send(context.job.payload as Mail),
    });
  }

  async send(mail: Mail): Promise<void> {
    // Mails come from the appliance itself: no file and no address on the web is ever pulled into one.
    const limits = { ...(this.options.patience ?? smtpPatience), disableFileAccess: true, disableUrlAccess: true };
    this.transport ??= createTransport({ url: this.options.smtpUrl, ...limits }, { from: this.options.from });
    const headers = { 'Auto-Submitted': 'auto-generated' };
    await this.transport.sendMail({
      to: { name: '', address: mail.to },
      subject: mail.subject,
      text: mail.text,
      headers,
    });
  }

  enqueue(mail: Mail): void {
    this.options.jobs.enqueue(sendJob, { payload: mail });
  }

  stop(): void {
    this.transport?.close();
    this.transport = null;
  }
}
