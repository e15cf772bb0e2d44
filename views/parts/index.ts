/** The parts that pages are made of. */
export { Badge, type BadgeKind, type Energy, EnergyMark } from './badge.tsx';
export { Button, type ButtonKind, ButtonRow, LinkButton } from './button.tsx';
export { Card, CardGrid, Facts } from './card.tsx';
export { CodeBlock, CopyField } from './copy-field.tsx';
export { Dialog, DialogClose } from './dialog.tsx';
export { EmptyState } from './empty-state.tsx';
export { CheckField, Field, fieldsOf, RadioField, SelectField, TextAreaField } from './field.tsx';
export { Flash, type FlashMessage } from './flash.tsx';
export { FieldRow, FieldSet, Form, FormActions } from './form.tsx';
export { Icon, type IconName } from './icon.tsx';
export { Notice } from './notice.tsx';
export { Pagination } from './pagination.tsx';
export { Meter, Progress } from './progress.tsx';
export { type Difference, differences, StaleNotice } from './stale-notice.tsx';
export { Derived, Stat, StatRow } from './stat.tsx';
export { type Column, Table } from './table.tsx';
export { Tabs } from './tabs.tsx';
export { type FormProblem, FormTrouble } from './trouble.tsx';
