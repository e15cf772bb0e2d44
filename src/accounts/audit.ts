/** What is written down about who did what. `feature.what`; others add theirs. */
export type AuditAction =
  | 'signIn'
  | 'signIn.failed'
  | 'signOut'
  | 'session.ended'
  | 'sessions.ended'
  | 'setUp.claimed'
  | 'setUp.finished'
  | 'setUp.wrongCode'
  | 'user.registered'
  | 'user.registration'
  | 'user.verified'
  | 'user.wrongCode'
  | 'user.created'
  | 'user.changed'
  | 'user.roleChanged'
  | 'user.activated'
  | 'user.deactivated'
  | 'user.deleted'
  | 'user.invited'
  | 'email.changed'
  | 'password.changed'
  | 'password.resetAsked'
  | 'password.reset'
  | 'token.created'
  | 'token.revoked'
  | 'settings.changed'
  | (string & {});

/** One line of the record. Times are ms UTC. */
export interface AuditEntry {
  id: number;
  time: number;
  /** Null: nobody known, or the appliance itself. */
  actorId: string | null;
  actorLabel: string;
  address: string;
  action: AuditAction;
  subjectId: string | null;
  subjectLabel: string;
  detail: string;
}

const sentences: Record<string, string> = {
  signIn: 'Signed in',
  'signIn.failed': 'A sign-in failed',
  signOut: 'Signed out',
  'session.ended': 'Ended a session',
  'sessions.ended': 'Signed out everywhere',
  'setUp.claimed': 'Claimed this Ampra',
  'setUp.finished': 'Finished the set-up',
  'setUp.wrongCode': 'Gave a wrong set-up code',
  'user.registered': 'Registered',
  'user.registration': 'Somebody asked for an account',
  'user.verified': 'Proved the e-mail address',
  'user.wrongCode': 'Gave a wrong or old e-mail code',
  'user.created': 'Made an account',
  'user.changed': 'Changed an account',
  'user.roleChanged': 'Changed a role',
  'user.activated': 'Switched an account on',
  'user.deactivated': 'Switched an account off',
  'user.deleted': 'Deleted an account',
  'user.invited': 'Made an invitation link',
  'email.changed': 'Changed the e-mail address',
  'password.changed': 'Changed the password',
  'password.resetAsked': 'Asked for a new password',
  'password.reset': 'Chose a new password',
  'token.created': 'Made an access token',
  'token.revoked': 'Revoked an access token',
  'settings.changed': 'Changed a setting',
  'clock.set': 'Set the time',
  'backup.settings': 'Changed when and where backups are made',
  'backup.asked': 'Asked for a backup',
  'backup.downloaded': 'Downloaded a backup',
  'backup.uploaded': 'Uploaded a backup',
  'backup.removed': 'Removed a backup',
  'backup.restored': 'Restored a backup',
  'backup.replacedRemoved': 'Removed what a restore had replaced',
  'backup.telemetryAnew': 'Began a new measurement store',
  'source.created': 'Added a source',
  'source.activated': 'Switched a source on',
  'source.deactivated': 'Switched a source off',
  'source.keysRotated': 'Made new keys for a source',
  'source.deleted': 'Deleted a source',
  'telemetry.corrected': 'Corrected readings',
  'telemetry.correctionUndone': 'Undid a correction of readings',
  'source.announced': 'Announced a source to Home Assistant',
  'source.withdrawn': 'Took a source back from Home Assistant',
  'weather.internet': 'Decided about weather from the internet',
  'forecast.trained': 'Asked for a training of the forecast',
  'forecast.modelPutBack': 'Put back a model of the forecast',
  'diagnostics.taken': 'Took the diagnostics',
  'connection.created': 'Added a connection',
  'connection.changed': 'Changed a connection',
  'connection.deleted': 'Deleted a connection',
};

/** What happened, for people; the action itself when it is another feature's. */
export function auditSentence(action: AuditAction): string {
  return sentences[action] ?? action;
}
