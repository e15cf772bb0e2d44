// Written by `bun scripts/dialect-index.ts` from the files of this folder; a test compares them.
import type { Dialect } from '../dialect.ts';
import { dialect as ahoy } from './ahoy.ts';
import { dialect as deye } from './deye.ts';
import { dialect as emon } from './emon.ts';
import { dialect as evcc } from './evcc.ts';
import { dialect as grott } from './grott.ts';
import { dialect as homeAssistant } from './home-assistant.ts';
import { dialect as mppSolar } from './mpp-solar.ts';
import { dialect as opendtu } from './opendtu.ts';
import { dialect as shelly } from './shelly.ts';
import { dialect as shellyGen1 } from './shelly-gen1.ts';
import { dialect as solarAssistant } from './solar-assistant.ts';
import { dialect as solar2mqtt } from './solar2mqtt.ts';
import { dialect as sunsynk } from './sunsynk.ts';
import { dialect as tasmota } from './tasmota.ts';
import { dialect as victron } from './victron.ts';
import { dialect as zigbee2mqtt } from './zigbee2mqtt.ts';

/** Every device family of this folder. */
export const deviceDialects: readonly Dialect[] = [
  ahoy,
  deye,
  emon,
  evcc,
  grott,
  homeAssistant,
  mppSolar,
  opendtu,
  shellyGen1,
  shelly,
  solarAssistant,
  solar2mqtt,
  sunsynk,
  tasmota,
  victron,
  zigbee2mqtt,
];
