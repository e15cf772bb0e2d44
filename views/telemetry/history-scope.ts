/** A source or group that can be shown alone, or the whole house. */
export interface HistoryScope {
  key: string;
  label: string;
}
