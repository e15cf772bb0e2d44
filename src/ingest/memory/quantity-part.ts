/** A part of a quantity: one phase, string, pack or inverter, or the device's own total. */
export interface Part {
  /** Distinguishes the parts of one quantity. */
  id: string;
  /** Of parts that cannot be added (voltages) the lowest order speaks for all. */
  order: number;
  /** The device's own total outranks its parts; while it speaks, lower ranks are silent. */
  rank: number;
  /** `sum` adds the parts of equal rank, `first` takes the one of lowest order, `own` is a total by itself. */
  how: 'sum' | 'first' | 'own';
  /** One half of a signed quantity: silent while the whole of the same owner speaks. */
  isHalf?: boolean;
  /** Whose quantity it is, where a device says one as a whole and by halves. */
  owner?: string;
}
