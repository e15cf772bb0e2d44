// Written by `bun scripts/dialect-index.ts` from the files of this folder; a test compares them.
import type { Dialect } from '../dialect.ts';
import { dialect as ahoy } from './ahoy.ts';
import { dialect as ams } from './ams.ts';
import { dialect as apsEcu } from './aps-ecu.ts';
import { dialect as bluetti } from './bluetti.ts';
import { dialect as bms } from './bms.ts';
import { dialect as dbusMqtt } from './dbus-mqtt.ts';
import { dialect as deye } from './deye.ts';
import { dialect as dsmr } from './dsmr.ts';
import { dialect as e3dc } from './e3dc.ts';
import { dialect as ecoflow } from './ecoflow.ts';
import { dialect as emon } from './emon.ts';
import { dialect as enphase } from './enphase.ts';
import { dialect as evcc } from './evcc.ts';
import { dialect as foxess } from './foxess.ts';
import { dialect as fronius } from './fronius.ts';
import { dialect as givtcp } from './givtcp.ts';
import { dialect as goodwe } from './goodwe.ts';
import { dialect as grott } from './grott.ts';
import { dialect as growatt2mqtt } from './growatt2mqtt.ts';
import { dialect as homeAssistant } from './home-assistant.ts';
import { dialect as homewizard } from './homewizard.ts';
import { dialect as huawei } from './huawei.ts';
import { dialect as luxpower } from './luxpower.ts';
import { dialect as marstek } from './marstek.ts';
import { dialect as mbmd } from './mbmd.ts';
import { dialect as mppSolar } from './mpp-solar.ts';
import { dialect as openInverterGateway } from './open-inverter-gateway.ts';
import { dialect as opendtu } from './opendtu.ts';
import { dialect as opendtuOnbattery } from './opendtu-onbattery.ts';
import { dialect as openems } from './openems.ts';
import { dialect as openwb } from './openwb.ts';
import { dialect as plainNames } from './plain-names.ts';
import { dialect as powerwall } from './powerwall.ts';
import { dialect as sbfspot } from './sbfspot.ts';
import { dialect as senec } from './senec.ts';
import { dialect as shelly } from './shelly.ts';
import { dialect as shellyGen1 } from './shelly-gen1.ts';
import { dialect as sigenergy } from './sigenergy.ts';
import { dialect as solarAssistant } from './solar-assistant.ts';
import { dialect as solar2mqtt } from './solar2mqtt.ts';
import { dialect as solaredge2mqtt } from './solaredge2mqtt.ts';
import { dialect as solarview } from './solarview.ts';
import { dialect as solax } from './solax.ts';
import { dialect as sonnen } from './sonnen.ts';
import { dialect as sungrow } from './sungrow.ts';
import { dialect as sunsynk } from './sunsynk.ts';
import { dialect as tasmota } from './tasmota.ts';
import { dialect as victron } from './victron.ts';
import { dialect as voltronic } from './voltronic.ts';
import { dialect as zendure } from './zendure.ts';
import { dialect as zigbee2mqtt } from './zigbee2mqtt.ts';

/** Every device family of this folder. */
export const deviceDialects: readonly Dialect[] = [
  ahoy,
  ams,
  apsEcu,
  bluetti,
  bms,
  dbusMqtt,
  deye,
  dsmr,
  e3dc,
  ecoflow,
  emon,
  enphase,
  evcc,
  foxess,
  fronius,
  givtcp,
  goodwe,
  grott,
  growatt2mqtt,
  homeAssistant,
  homewizard,
  huawei,
  luxpower,
  marstek,
  mbmd,
  mppSolar,
  openInverterGateway,
  opendtu,
  opendtuOnbattery,
  openems,
  openwb,
  plainNames,
  powerwall,
  sbfspot,
  senec,
  shelly,
  shellyGen1,
  sigenergy,
  solarAssistant,
  solar2mqtt,
  solaredge2mqtt,
  solarview,
  solax,
  sonnen,
  sungrow,
  sunsynk,
  tasmota,
  victron,
  voltronic,
  zendure,
  zigbee2mqtt,
];
