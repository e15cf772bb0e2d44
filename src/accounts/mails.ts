import type { Mail } from '../core/mail.ts';

interface Person {
  name: string;
  email: string;
}

/** The mail with a verification code. */
export function codeMail(to: string, name: string, code: string): Mail {
  return {
    to,
    subject: `${code} is your Ampra code`,
    text: `Hello ${name},

your code for Ampra is ${code}. Type it on the page where you asked for it; it is good for 10 minutes.

If you did not ask for it, ignore this mail: nothing happens without the code.
`,
  };
}

/** The mail to the owner of an address that somebody tried to register again. */
export function alreadyRegisteredMail({ name, email }: Person): Mail {
  return {
    to: email,
    subject: 'You already have an Ampra account',
    text: `Hello ${name},

somebody (perhaps you) tried to use this address for a new Ampra account. It has one already, and nothing was changed.

If it was you, sign in with this address. "Forgot your password?" on that page helps if you do not know it any more.
`,
  };
}

/** The mail with a reset code; with a link when the appliance knows the address that owners type. */
export function resetMail({ name, email }: Person, code: string, link: string | null): Mail {
  const how = link ? `Open this page:\n\n${link}\n\nor type` : 'Type';
  return {
    to: email,
    subject: 'Choose a new Ampra password',
    text: `Hello ${name},

you asked for a new password. ${how} this code on the page where you asked:

${code}

It is good for 30 minutes and works once. If you did not ask, ignore this mail: your password stays as it is.
`,
  };
}

/** The mail after a password was changed, so that a stranger's change is noticed. */
export function passwordChangedMail({ name, email }: Person): Mail {
  return {
    to: email,
    subject: 'Your Ampra password was changed',
    text: `Hello ${name},

the password of your Ampra account was changed, and every other place was signed out.

If it was not you, use "Forgot your password?" now, and tell whoever looks after this Ampra.
`,
  };
}
