import { type AttackName, attacks, type Target } from './attacks.ts';

/** A process of its own, so that the attack does not slow down those who measure: `attacker.ts <name> <target> <ms> <most>`. */
const [name = '', target = '{}', ms = '0', most = '0'] = process.argv.slice(2);
/** Runs from the first look at it: what an attack prepares is not part of it. */
let end = 0;
const attack = attacks[name as AttackName];
const tried = await attack(JSON.parse(target) as Target, {
  isOver: () => {
    end ||= performance.now() + Number(ms);
    return performance.now() > end;
  },
  most: Number(most),
});
console.log(tried);
process.exit(0);
