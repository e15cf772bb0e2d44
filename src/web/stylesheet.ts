import badges from '../../views/assets/css/badges.css' with { type: 'text' };
import base from '../../views/assets/css/base.css' with { type: 'text' };
import buttons from '../../views/assets/css/buttons.css' with { type: 'text' };
import cards from '../../views/assets/css/cards.css' with { type: 'text' };
import code from '../../views/assets/css/code.css' with { type: 'text' };
import dialog from '../../views/assets/css/dialog.css' with { type: 'text' };
import empty from '../../views/assets/css/empty.css' with { type: 'text' };
import errorPage from '../../views/assets/css/error-page.css' with { type: 'text' };
import figures from '../../views/assets/css/figures.css' with { type: 'text' };
import forms from '../../views/assets/css/forms.css' with { type: 'text' };
import inputs from '../../views/assets/css/inputs.css' with { type: 'text' };
import layout from '../../views/assets/css/layout.css' with { type: 'text' };
import messages from '../../views/assets/css/messages.css' with { type: 'text' };
import motion from '../../views/assets/css/motion.css' with { type: 'text' };
import navigation from '../../views/assets/css/navigation.css' with { type: 'text' };
import odds from '../../views/assets/css/odds.css' with { type: 'text' };
import paletteDark from '../../views/assets/css/palette-dark.css' with { type: 'text' };
import paletteLight from '../../views/assets/css/palette-light.css' with { type: 'text' };
import print from '../../views/assets/css/print.css' with { type: 'text' };
import progress from '../../views/assets/css/progress.css' with { type: 'text' };
import tables from '../../views/assets/css/tables.css' with { type: 'text' };
import tabs from '../../views/assets/css/tabs.css' with { type: 'text' };
import tips from '../../views/assets/css/tips.css' with { type: 'text' };
import tokens from '../../views/assets/css/tokens.css' with { type: 'text' };

const chosenDark = ':root[data-theme="dark"]';

/**
 * The dark palette for those whose system is dark and who did not choose light. Made from the same text, because CSS
 * cannot share it between a media query and an attribute in a way that the browsers of older wall tablets know
 * (`light-dark()` is of 2024), and because the charts read the colours as hex.
 */
const darkBySystem = `@media (prefers-color-scheme: dark) {\n${paletteDark.replace(chosenDark, ':root:not([data-theme="light"])')}}\n`;

/**
 * The one stylesheet of all pages. The order counts: between rules of equal weight the later one wins, so what is
 * general stands before what is particular.
 */
export const stylesheet: string = [
  ...[paletteLight, darkBySystem, paletteDark, tokens],
  ...[base, layout, navigation],
  ...[buttons, forms, inputs, code],
  ...[cards, tables, empty, badges, tabs],
  ...[figures, odds, tips, progress],
  ...[messages, dialog, errorPage],
  ...[motion, print],
].join('\n');
