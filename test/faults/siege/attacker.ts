import { type AttackName, attacks, type Target } from './attacks.ts';

/** A process of its own, so that the attack does not slow down those who measure: `attacker.ts <name> <target> <ms> <most>`. */
const [name = '', target = '{}', ms = '0', most = '0'] = process.argv.slice(2);
const end = performance.now() + Number(ms);
const attack = attacks[name as AttackName];
const tried = await attack(JSON.parse(target) as Target, {
  isOver: () => performance.now() > end,
  most: Number(most),
});
console.log(tried);
process.exit(0);
