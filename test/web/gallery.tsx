import { ErrorNotice, ErrorPage } from '../../views/error.tsx';
import * as p from '../../views/parts/index.ts';

/** Every part in every state, for the tests that render and look at them. Not a page of the product. */

const rows = [
  { name: 'Roof south', role: 'Solar', power: '3.42 kW', age: 'now', state: 'ok' as const, words: 'Sending' },
  { name: 'Heat pump', role: 'Load', power: '860 W', age: '12 min ago', state: 'waiting' as const, words: 'Quiet' },
  {
    name: 'Garage meter with a rather long name',
    role: 'Grid',
    power: '-',
    age: '3 days ago',
    state: 'off' as const,
    words: 'Off',
  },
];

export function Gallery() {
  return (
    <>
      <p.StatRow>
        <p.Stat label="Solar" value="3.42" unit="kW" energy="solar" size="hero" note="peak 4.10 kW at 12:40" />
        <p.Stat label="Battery" value="78" unit="%" energy="battery" size="large" />
        <p.Stat label="House" value="860" unit="W" energy="load" size="large" freshness="ageing" />
        <p.Stat label="Grid" value="0" unit="W" energy="grid" size="large" freshness="stale" age="12 min ago" />
        <p.Stat label="Generator" value={null} unit="W" energy="generator" size="large" />
        <p.Stat label="Tomorrow" value="18.40" unit="kWh" isEstimate derived="From the forecast of 06:00" />
        <p.Stat label="Bought today" value="0.42" unit="kWh" size="small" />
      </p.StatRow>
      <p.Tabs
        label="Period"
        tabs={[
          { href: '#a', label: '24 h', isActive: true },
          { href: '#b', label: '7 days' },
          { href: '#c', label: '30 days' },
          { href: '#d', label: 'Year' },
        ]}
      />
      <p.ButtonRow>
        <p.Step href="#earlier" icon="back" label="The month before" />
        <p.Step href={null} icon="chevron" label="The month after" />
        <p.Step href="#closer" icon="plus" label="Closer" />
        <p.Step href="#wider" icon="minus" label="Wider" />
      </p.ButtonRow>
      <p.Card
        title="Sources"
        lead="Three devices, one of them quiet."
        actions={
          <p.LinkButton href="#" small icon="plus">
            Add a source
          </p.LinkButton>
        }
      >
        <p.Table
          caption="Sources"
          rows={rows}
          columns={[
            { label: 'Name', isHeader: true, cell: (r) => <a href="/sources/1">{r.name}</a> },
            { label: 'Role', cell: (r) => r.role },
            { label: 'State', cell: (r) => <p.Badge kind={r.state}>{r.words}</p.Badge> },
            { label: 'Last message', cell: (r) => r.age, isMinor: true },
            { label: 'Power', cell: (r) => r.power, isNumber: true },
          ]}
        />
        <p.Pagination label="Sources" previous="#1" next="#3" position="51 to 100 of 240" />
      </p.Card>
      <p.Card title="Connect it" lead="Type these into the inverter.">
        <p.CopyField label="Server" value="192.168.1.20" />
        <p.CopyField
          label="Password"
          value="6f1c2c1e6d0b4a529d3a3f0a1f2b7c11"
          isSecret
          hint="Shown only now. Keep it safe."
        />
        <p.CodeBlock
          label="A first message"
          code={'mosquitto_pub -h 192.168.1.20 -t ampra/6f1c/telemetry \\\n  -m \'{"solarPower": 3420}\''}
        />
        <p.Facts
          items={[
            ['Protocol', 'MQTT 3.1.1 or 5'],
            ['Time zone', 'Europe/Berlin'],
            ['Rows today', '86,400'],
          ]}
        />
      </p.Card>
      <Forms />
      <Messages />
      <p.EmptyState
        title="No sources yet"
        action={
          <p.LinkButton href="#" kind="primary" icon="plus">
            Add the first source
          </p.LinkButton>
        }
      >
        A source is whatever measures: an inverter, a meter, a plug.
      </p.EmptyState>
      <p.Card kind="danger" title="Delete this source" lead="Its readings go too. This cannot be undone.">
        <p.ButtonRow>
          <p.LinkButton href="#delete" dialog="delete" kind="danger" icon="trash">
            Delete…
          </p.LinkButton>
        </p.ButtonRow>
      </p.Card>
      <p.Dialog id="delete" title="Delete Roof south?">
        <p>12,400 readings since 3 May 2024 are deleted with it.</p>
        <p.Form action="/sources/1/delete">
          <p.FormActions>
            <p.Button kind="danger">Delete it</p.Button>
            <p.DialogClose>Keep it</p.DialogClose>
          </p.FormActions>
        </p.Form>
      </p.Dialog>
      <ErrorPage
        status={500}
        title="Something broke"
        message="Something broke on our side."
        requestId="6f1c"
        hint="Try again."
      />
      <ErrorNotice title="Nothing here" message="There is no such page." />
    </>
  );
}

function Forms() {
  return (
    <p.Card title="Where it stands">
      <p.Form action="/sources" version={3} guardsChanges error="Two values are not right. Nothing was saved yet.">
        <p.Field name="name" label="Name" value="Roof south" required maxlength={100} hint="As you call it at home." />
        <p.FieldRow>
          <p.Field
            name="latitude"
            label="Latitude"
            type="number"
            step="any"
            value={91}
            error="Latitude lies between -90 and 90."
            required
          />
          <p.Field name="installedCapacityW" label="Installed power" type="number" unit="W" value={9800} />
        </p.FieldRow>
        <p.SelectField
          name="timeZone"
          label="Time zone"
          value="Europe/Berlin"
          options={[
            ['Europe/Berlin', 'Berlin'],
            ['UTC', 'UTC'],
          ]}
          required
        />
        <p.RadioField
          name="connectionType"
          label="How it sends"
          value="mqtt"
          options={[
            { value: 'mqtt', label: 'MQTT', hint: 'Most inverters and ESP devices.' },
            { value: 'webhook', label: 'Webhook', hint: 'Programs that post JSON.' },
          ]}
        />
        <p.TextAreaField name="description" label="Notes" placeholder="Anything worth knowing" maxlength={500} />
        <p.Field name="icon" label="Picture" type="file" accept="image/*" />
        <p.FieldSet legend="Control" hint="Ampra may change settings of the device.">
          <p.CheckField name="isActive" label="It may send readings" checked />
          <p.CheckField
            name="mayControl"
            label="Ampra may control it"
            hint="Off until you are sure."
            error="Needs an active source."
          />
        </p.FieldSet>
        <p.FormActions>
          <p.Button kind="primary">Save</p.Button>
          <p.LinkButton href="#">Cancel</p.LinkButton>
          <p.Button kind="quiet" type="button">
            Send a test
          </p.Button>
          <p.Button disabled>Not now</p.Button>
        </p.FormActions>
      </p.Form>
    </p.Card>
  );
}

function Messages() {
  const labels = { name: 'Name', installedCapacityW: 'Installed power' };
  return (
    <>
      <p.Flash message={{ kind: 'done', text: 'Saved. The first reading should arrive within a minute.' }} />
      <p.Flash
        message={{ kind: 'problem', text: 'The broker did not start: port 1883 is taken by another program.' }}
      />
      <p.Notice title="The forecast learns">
        <p>It needs two weeks of readings; nine days are there.</p>
      </p.Notice>
      <p.StaleNotice
        what="This source"
        changedBy="Bob"
        changedWhen="2 minutes ago"
        reloadHref="#"
        differences={p.differences(
          labels,
          { name: 'Roof', installedCapacityW: 9800 },
          { name: 'Roof south', installedCapacityW: null },
        )}
      />
      <p.FormTrouble
        what="This source"
        problem={{ message: 'The broker did not answer.', hint: 'Check its address.' }}
        reloadHref="#"
      />
      <p.CardGrid>
        <p.Card title="Import" level={3}>
          <p.Progress label="Importing March" share={0.42} note="12 of 40 files" />
          <p.Progress label="Counting rows" share={null} />
        </p.Card>
        <p.Card title="Disk" level={3}>
          <p.Meter label="Data" share={0.31} note="9.8 of 32 GB" />
          <p.Meter label="Log" share={0.95} />
          <p.OddsBar low={12} likely={16} high={19} came={17.2} most={24} energy="solar" />
        </p.Card>
      </p.CardGrid>
      <p class="button-row">
        {(['solar', 'battery', 'load', 'grid', 'generator'] as const).map((energy) => (
          <span>
            <p.EnergyMark energy={energy} /> {energy}
          </span>
        ))}
        {(['plain', 'ok', 'waiting', 'off', 'alert'] as const).map((kind) => (
          <p.Badge kind={kind}>{kind}</p.Badge>
        ))}
        <p.Icon name="house" />
        <p.Derived why="Voltage times current" />
      </p>
    </>
  );
}
