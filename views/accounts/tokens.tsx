import type { FormErrors } from '../../src/accounts/form-errors.ts';
import { type AccessToken, scopeMeanings, tokenScopes } from '../../src/accounts/token.ts';
import { formatAge, formatDate } from '../../src/core/format.ts';
import {
  Badge,
  Button,
  Card,
  CopyField,
  EmptyState,
  Field,
  Form,
  FormActions,
  Notice,
  RadioField,
  SelectField,
  Table,
} from '../parts/index.ts';
import { AccountTabs } from './account-tabs.tsx';

export interface TokenTyped {
  name: string;
  scope: string;
  expiresInDays: string;
}

export interface TokensPageProps {
  /** ms UTC. */
  now: number;
  timeZone: string;
  tokens: readonly AccessToken[];
  typed: TokenTyped;
  errors: FormErrors;
  /** Just made: its secret is shown this once. */
  made: { name: string; secret: string } | null;
  mayAdmin: boolean;
}

export function TokensPage(props: TokensPageProps) {
  const { made } = props;
  return (
    <div class="stack">
      <AccountTabs active="tokens" />
      {made && (
        <Card title={`The token ${made.name}`}>
          <Notice kind="done">Copy it now: it is not shown again.</Notice>
          <CopyField label="Access token" value={made.secret} />
        </Card>
      )}
      <TokenList {...props} />
      <NewToken {...props} />
    </div>
  );
}

function TokenList({ tokens, now, timeZone }: TokensPageProps) {
  if (tokens.length === 0)
    return (
      <EmptyState title="No access tokens">
        Programs use one for the API (Authorization: Bearer) and for MQTT (user name token), and see what you may see.
      </EmptyState>
    );
  return (
    <Card title="Your tokens">
      <Table
        caption="Access tokens"
        rows={tokens}
        columns={[
          { label: 'Name', isHeader: true, cell: (t) => t.name },
          { label: 'Begins with', cell: (t) => <span class="mono">{t.hint}…</span>, isMinor: true },
          { label: 'Scope', cell: (t) => t.scope },
          { label: 'Ends', cell: (t) => <Ending token={t} now={now} timeZone={timeZone} /> },
          { label: 'Last used', cell: (t) => (t.lastUsedAt === null ? 'never' : formatAge(now - t.lastUsedAt)) },
          {
            label: '',
            cell: (t) => (
              <Form action={`/account/tokens/${t.id}/revoke`}>
                <Button small aria-label={`Revoke ${t.name}`}>
                  Revoke
                </Button>
              </Form>
            ),
          },
        ]}
      />
    </Card>
  );
}

function Ending({ token, now, timeZone }: { token: AccessToken; now: number; timeZone: string }) {
  if (token.expiresAt === null) return <>when revoked</>;
  if (token.expiresAt <= now) return <Badge kind="off">over</Badge>;
  return <>{formatDate(token.expiresAt, timeZone, 'date')}</>;
}

function NewToken({ typed, errors, mayAdmin }: TokensPageProps) {
  const scopes = tokenScopes.filter((scope) => mayAdmin || scope !== 'admin');
  return (
    <Card
      title="Make a token"
      lead={
        <>
          What programs can do with it: <a href="/api/docs">the API</a>.
        </>
      }
    >
      <Form action="/account/tokens" {...(errors.whole ? { error: errors.whole } : {})}>
        <Field
          name="name"
          label="What for?"
          value={typed.name}
          placeholder="Home Assistant"
          maxlength={100}
          autocomplete="off"
          required
          error={errors.fields.name}
        />
        <RadioField
          name="scope"
          label="It may"
          value={typed.scope}
          options={scopes.map((scope) => ({ value: scope, label: scope, hint: scopeMeanings[scope] }))}
          error={errors.fields.scope}
        />
        <SelectField
          name="expiresInDays"
          label="Good for"
          value={typed.expiresInDays}
          options={[
            ['', 'Until it is revoked'],
            ['30', '30 days'],
            ['90', '90 days'],
            ['365', 'A year'],
          ]}
          error={errors.fields.expiresInDays}
        />
        <FormActions>
          <Button kind="primary">Make the token</Button>
        </FormActions>
      </Form>
    </Card>
  );
}
