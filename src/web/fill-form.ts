import type { KeptForm } from './kept-forms.ts';

/** Fields that are no answers of a person, or are never filled. */
const untouched = new Set(['password', 'file', 'submit', 'button', 'image', 'reset']);

/**
 * Puts what was kept into the form of the page that is sent to the same path, and `notice` (HTML) before its fields.
 * `isFound` is false when the page has no such form; then it is unchanged.
 */
export function fillForm(html: string, kept: KeptForm, notice: string): { html: string; isFound: boolean } {
  const values = new Map<string, string[]>();
  for (const [name, value] of kept.fields) values.set(name, [...(values.get(name) ?? []), value]);
  let isInside = false;
  let isFound = false;
  let select: string | null = null;
  const next = (name: string | null): string | undefined => (name === null ? undefined : values.get(name)?.shift());
  const filled = new HTMLRewriter()
    .on('form', {
      element(form) {
        if (isFound || form.getAttribute('action') !== kept.action) return;
        if (form.getAttribute('method')?.toLowerCase() !== 'post') return;
        isInside = true;
        isFound = true;
        form.prepend(notice, { html: true });
        form.onEndTag(() => {
          isInside = false;
        });
      },
    })
    .on('input', {
      element(input) {
        const name = input.getAttribute('name');
        const type = input.getAttribute('type') ?? 'text';
        if (!isInside || name === null || untouched.has(type)) return;
        if (type === 'checkbox' || type === 'radio') {
          setMark(input, 'checked', has(values.get(name), input.getAttribute('value') ?? 'on'));
          return;
        }
        const value = next(name);
        if (value !== undefined) input.setAttribute('value', escapeAmpersands(value));
      },
    })
    .on('textarea', {
      element(area) {
        const value = isInside ? next(area.getAttribute('name')) : undefined;
        // A line break right after the tag is not part of the text: one more keeps the first of its own.
        if (value !== undefined) area.setInnerContent(`\n${value}`);
      },
    })
    .on('select', {
      element(element) {
        select = isInside ? element.getAttribute('name') : null;
        element.onEndTag(() => {
          select = null;
        });
      },
    })
    .on('option', {
      element(option) {
        const chosen = select === null ? undefined : values.get(select);
        const value = option.getAttribute('value');
        if (chosen && value !== null) setMark(option, 'selected', has(chosen, value));
      },
    })
    .transform(html);
  return isFound ? { html: filled, isFound } : { html, isFound };
}

function setMark(element: HTMLRewriterTypes.Element, name: string, isSet: boolean): void {
  if (isSet) element.setAttribute(name, '');
  else element.removeAttribute(name);
}

/** Whether one of the values is what stands in the attribute, which is still escaped there. */
function has(values: readonly string[] | undefined, raw: string): boolean {
  return values?.some((value) => value === raw || escaped(value) === raw) ?? false;
}

/** The rewriter escapes quotation marks itself, and those alone. */
function escapeAmpersands(text: string): string {
  return text.replaceAll('&', '&amp;');
}

function escaped(text: string): string {
  return escapeAmpersands(text)
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
