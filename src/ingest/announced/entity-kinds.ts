/** What Home Assistant lets a device announce that was measured or has happened. */
const SHOWN = 'sensor binary_sensor camera image event tag device_tracker device_automation update'.split(' ');
/** And what somebody sets. */
const SET =
  'alarm_control_panel button climate cover date datetime fan humidifier lawn_mower light lock notify number scene select siren switch text time vacuum valve water_heater'.split(
    ' ',
  );

/** Every component under which something is announced; `device` holds several. */
export const components: readonly string[] = [...SHOWN, ...SET, 'device'];

const shown: ReadonlySet<string> = new Set(SHOWN);
/** False for a component whose topics hold what somebody sets. */
export const isShown = (component: string): boolean => shown.has(component);

/** What Home Assistant and ESPHome call a number, a choice or a switch is set, and not measured. */
const SETTING = new RegExp(
  `/(${SET.join('|')}|input_(number|select|text|boolean|datetime|button))/[^/]+/(state|set|command)$`,
);
export const isSettingTopic = (topic: string): boolean => SETTING.test(topic);
