/** Why a line to a broker broke or never came to be. */
export type TroubleCode =
  | 'guarded'
  | 'noSuchHost'
  | 'refused'
  | 'unreachable'
  | 'timeout'
  | 'noMqtt'
  | 'wantsNoTls'
  | 'unknownAuthority'
  | 'certificateEnded'
  | 'otherName'
  | 'tls'
  | 'badLogin'
  | 'notAllowed'
  | 'badClientId'
  | 'busy'
  | 'takenOver'
  | 'ended'
  | 'noAnswer'
  | 'filterRefused'
  | 'silentPortal'
  | 'noPortal'
  | 'passwordLost'
  | 'tooLarge';

export interface Trouble {
  code: TroubleCode;
  /** What to name in the sentence: a filter, a portal. */
  detail?: string;
}

type Words = readonly [reason: string, hint: string];

/** What happened and what to do, for people. `at` is `host:port`. */
export function troubleWords(trouble: Trouble, at: string): { reason: string; hint: string } {
  const [reason, hint] = wordsFor(trouble, at);
  return { reason, hint };
}

function wordsFor({ code, detail = '' }: Trouble, at: string): Words {
  const port = at.slice(at.lastIndexOf(':') + 1);
  switch (code) {
    case 'guarded':
      return [
        `${at} leads to this machine itself or to an address that is not a device of the house.`,
        'Only a source of an Admin or Overseer may be fed from there.',
      ];
    case 'noSuchHost':
      return [`Nobody in the network knows the name in ${at}.`, 'Check the spelling, or use the address instead.'];
    case 'refused':
      return [
        `${at} is there, but nothing listens on port ${port}.`,
        'Switch MQTT on in the device’s settings, or check the port: 1883, with TLS 8883.',
      ];
    case 'unreachable':
      return [`There is no way to ${at}.`, 'Check the address, and that the device is in the same network.'];
    case 'timeout':
      return [`${at} does not answer.`, 'Check that the device is on, and the address.'];
    case 'noMqtt':
      return [`What answers at ${at} is no MQTT broker, or it wants TLS.`, 'Check the port, or switch TLS on.'];
    case 'wantsNoTls':
      return [`${at} does not speak TLS.`, 'Check the port (with TLS mostly 8883), or switch TLS off.'];
    case 'unknownAuthority':
      return [
        `The certificate of ${at} is signed by nobody whom Ampra knows.`,
        'Paste the certificate of its authority, or accept any certificate if you trust this network.',
      ];
    case 'certificateEnded':
      return [`The certificate of ${at} is out of date.`, 'Renew it on the device, or check the date there and here.'];
    case 'otherName':
      return [
        `The certificate of ${at} is for another name.`,
        'Use the name that is in the certificate, or accept any certificate if you trust this network.',
      ];
    case 'tls':
      return [`No safe line to ${at} could be agreed on${detail && ` (${detail})`}.`, 'Check the settings for TLS.'];
    case 'badLogin':
      return [`${at} does not accept this user name and password.`, 'Type them again, as the device shows them.'];
    case 'notAllowed':
      return [`${at} does not let this login in.`, 'A user name and password may be needed, or more rights there.'];
    case 'badClientId':
      return [`${at} does not accept the client id.`, 'Choose another one under Details.'];
    case 'busy':
      return [`${at} is too busy to let anybody in.`, 'Nothing to do: Ampra tries again.'];
    case 'takenOver':
      return [
        'Another program came with the same client id, so the broker sent Ampra away.',
        'Give this connection a client id of its own under Details.',
      ];
    case 'ended':
      return [`The line to ${at} broke.`, 'It may be starting anew. Ampra tries again.'];
    case 'noAnswer':
      return [`${at} stopped answering.`, 'Check that the device is on and in the network. Ampra tries again.'];
    case 'filterRefused':
      return [
        `The broker does not let this login read ${detail}.`,
        'Give the login the right to, or change the topics.',
      ];
    case 'silentPortal':
      return [
        `The Victron device ${detail} has said nothing for a while, though its broker answers.`,
        'Look at the GX device: restart it, or switch its MQTT access off and on.',
      ];
    case 'noPortal':
      return [
        'The broker answers, but no Victron device publishes there.',
        'On the GX device switch on Settings, Services, MQTT access; or choose another kind.',
      ];
    case 'passwordLost':
      return ['The stored password cannot be read any more.', 'Edit the connection and type the password again.'];
    case 'tooLarge':
      return ['The broker sent a message that is larger than Ampra takes.', 'Narrow the topics under Details.'];
  }
}
