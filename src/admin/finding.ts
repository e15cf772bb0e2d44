/** One look of the doctor. `warn` is worth a thought, `bad` needs a hand. */
export interface Finding {
  what: string;
  state: 'good' | 'warn' | 'bad';
  text: string;
}
