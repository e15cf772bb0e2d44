import { Icon } from './icon.tsx';

export interface PaginationProps {
  /** Names what is paged: "Audit log". */
  label: string;
  /** Address of the page before and after; missing at the ends. */
  previous?: string | undefined;
  next?: string | undefined;
  /** "51 to 100 of 240", or just "Page 2". */
  position?: string;
}

export function Pagination({ label, previous, next, position }: PaginationProps) {
  if (!previous && !next) return null;
  return (
    <nav class="pagination" aria-label={label}>
      {previous ? (
        <a class="button button-plain" rel="prev" href={previous}>
          <Icon name="back" />
          <span>Previous</span>
        </a>
      ) : (
        <span />
      )}
      <span class="num">{position}</span>
      {next ? (
        <a class="button button-plain" rel="next" href={next}>
          <span>Next</span>
          <Icon name="chevron" />
        </a>
      ) : (
        <span />
      )}
    </nav>
  );
}
