import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, numberOf } from '../field-draft.ts';
import { add, FieldTable, first, half, whole } from '../field-table.ts';

/**
 * Growatt over OpenInverterGateway (the ShineWiFi stick with other firmware): one object with every register, any topic
 * (`energy/solar` unless configured). Names and units after its SRC/ShineWiFi-ModBus (protocols 1.20, 1.24, 3.05, 3.07,
 * TL-XH and SPF). What the strings give outranks what the inverter puts out, which holds the battery's share, too.
 */
const [TOTAL, OWN, OUTPUT] = [3, 2, 0];
const table = new FieldTable({
  InputPower: whole('solarPower', { rank: TOTAL }),
  PVTotalPower: whole('solarPower', { rank: TOTAL }),
  'PV#InputPower': add('solarPower'),
  'PV#Power': add('solarPower'),
  'PV#ChargePwr': add('solarPower'),
  OutputPower: whole('solarPower', { rank: OUTPUT }),
  'PV#Voltage': first('solarVoltage'),
  'PV#InputCurrent': add('solarCurrent'),
  PVEnergyToday: whole('dailyEnergyProduced', { rank: TOTAL }),
  TodayGenerateEnergy: whole('dailyEnergyProduced', { rank: OWN }),
  PVEnergyTotal: whole('totalEnergyProduced', { rank: TOTAL }),
  TotalGenerateEnergy: whole('totalEnergyProduced', { rank: OWN }),
  GridFrequency: whole('gridFrequency'),
  LineFrequency: whole('gridFrequency'),
  'L#ThreePhaseGridVoltage': first('gridVoltage'),
  GridVoltage: first('gridVoltage'),
  GridInVoltage: first('gridVoltage'),
  ACPowerToUserTotal: half('gridPower', 1),
  ACPowerToGridTotal: half('gridPower', -1),
  TotalForwardPower: half('gridPower', 1),
  TotalReversePower: half('gridPower', -1),
  ACInPwr: whole('gridPower', { rank: 1 }),
  EnergyToUserToday: whole('dailyGridImport'),
  TodayEnergyToUser: whole('dailyGridImport'),
  EnergyToUserTotal: whole('totalGridImport'),
  TotalEnergyToUser: whole('totalGridImport'),
  EnergyToGridToday: whole('dailyGridExport'),
  TodayEnergyToGrid: whole('dailyGridExport'),
  EnergyToGridTotal: whole('totalGridExport'),
  TotalEnergyToGrid: whole('totalGridExport'),
  INVPowerToLocalLoadTotal: whole('loadPower'),
  TotalLoadPower: whole('loadPower'),
  OutActivePwr: whole('loadPower'),
  OutVA: whole('apparentPower'),
  OutVoltage: whole('outputVoltage'),
  OutFrequency: whole('outputFrequency'),
  LoadPercent: whole('loadPercentage'),
  LocalLoadEnergyToday: whole('dailyEnergyConsumed'),
  TodayEnergyOfUserLoad: whole('dailyEnergyConsumed'),
  LocalLoadEnergyTotal: whole('totalEnergyConsumed'),
  TotalEnergyOfUserLoad: whole('totalEnergyConsumed'),
  ChargePower: half('batteryPower', 1),
  DischargePower: half('batteryPower', -1),
  BDCChargePower: half('batteryPower', 1),
  BDCDischargePower: half('batteryPower', -1),
  BatteryVoltage: whole('batteryVoltage'),
  BattVoltage: whole('batteryVoltage'),
  SOC: whole('stateOfCharge'),
  BattSOC: whole('stateOfCharge'),
  BDCStateOfCharge: whole('stateOfCharge', { rank: 1 }),
  BatteryTemperature: whole('batteryTemperature'),
  ChargeEnergyTotal: whole('totalBatteryCharge'),
  DischargeEnergyTotal: whole('totalBatteryDischarge'),
  InverterTemperature: whole('inverterTemperature'),
  InverterTemp: whole('inverterTemperature'),
  BusVoltage: whole('busVoltage'),
  TotalBusVoltage: whole('busVoltage'),
});
const TELLING = /"(InverterStatus|L1ThreePhaseGridVoltage|TotalGenerateEnergy|PV1InputPower|OutActivePwr)"/;
const STATUS: Record<number, string> = { 0: 'Waiting', 1: 'Normal', 3: 'Fault', 5: 'PV and battery' };

const certain: Recognition = { sureness: 0.95, reason: 'register names of OpenInverterGateway' };

export const dialect: Dialect = {
  name: 'open-inverter-gateway',
  commandTopics: ['+/+/command/#'],

  recognise(message) {
    if (!message.looksLikeObject || !TELLING.test(message.text ?? '')) return null;
    return Object.keys(message.json ?? {}).filter((name) => table.has(name)).length >= 2 ? certain : null;
  },

  interpret(message, context) {
    const draft = new Draft(context, message.receivedAt);
    const json = message.json ?? {};
    table.takeAll(draft, json);
    const status = numberOf(json.InverterStatus);
    if (status !== null) draft.text('operatingMode', STATUS[status] ?? `Status ${status}`);
    if (numberOf(json.InverterFaultMaincode) !== null) draft.codes('faultCodes', json.InverterFaultMaincode);
    if (numberOf(json.InverterWarnMaincode) !== null) draft.codes('warningCodes', json.InverterWarnMaincode);
    return draft.finish();
  },
};
