/** Browser files imported with `with { type: 'text' }`: their text is embedded in the executable. */
declare module '*.js' {
  const text: string;
  export default text;
}
declare module '*.css' {
  const text: string;
  export default text;
}
declare module '*.svg' {
  const text: string;
  export default text;
}
declare module '*.webmanifest' {
  const text: string;
  export default text;
}
