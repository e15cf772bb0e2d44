import type { PowerGroup } from '../../src/sources/source.ts';
import type { FormProblem } from '../parts/index.ts';

/** What stands in the form's fields, as typed. */
export type SourceFormValues = Record<
  | 'name'
  | 'description'
  | 'role'
  | 'connectionType'
  | 'groupId'
  | 'latitude'
  | 'longitude'
  | 'timeZone'
  | 'installedCapacityW'
  | 'inverterLimitW'
  | 'panels'
  | 'currency'
  | 'systemCost'
  | 'maintenancePerYear'
  | 'installationDate',
  string
>;

export interface SourceFormProps {
  action: string;
  /** Where Cancel leads. */
  back: string;
  values: SourceFormValues;
  /** What is wrong, by field. */
  errors: Readonly<Record<string, string>>;
  problem: FormProblem | null;
  groups: readonly PowerGroup[];
  timeZones: readonly string[];
  currencies: readonly (readonly [code: string, label: string])[];
  /** Null when it is being created. */
  version: number | null;
  iconUrl: string | null;
}
