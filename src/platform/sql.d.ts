/** SQL files are imported as text, so that the executable carries them. */
declare module '*.sql' {
  const sql: string;
  export default sql;
}
