import type { ApiBody, ApiField, ApiGroup, ApiOperation } from './api-docs-model.ts';
import { Badge } from './parts/badge.tsx';
import { CodeBlock } from './parts/copy-field.tsx';

export interface ApiDocsProps {
  version: string;
  groups: ApiGroup[];
  baseUrl: string;
}

/** The API, browsable without the internet. */
export function ApiDocs({ version, groups, baseUrl }: ApiDocsProps) {
  return (
    <div class="api">
      <details class="api-index-fold">
        <summary>All operations</summary>
        <Index groups={groups} />
      </details>
      <div class="api-index">
        <Index groups={groups} />
      </div>
      <div class="api-body">
        <Introduction version={version} baseUrl={baseUrl} />
        {groups.map((group) => (
          <section class="api-group">
            <h2>{group.name}</h2>
            {group.description && <p class="quiet">{group.description}</p>}
            {group.operations.map((o) => (
              <OperationCard operation={o} />
            ))}
          </section>
        ))}
      </div>
    </div>
  );
}

/** The list of links: folded above the page where it is narrow, beside it where there is room. Only one is ever shown. */
function Index({ groups }: Pick<ApiDocsProps, 'groups'>) {
  return (
    <nav aria-label="Operations">
      {groups.map((group) => (
        <section>
          <h2>{group.name}</h2>
          <ul>
            {group.operations.map((o) => (
              <li>
                <a href={`#${o.anchor}`}>
                  <Method method={o.method} />
                  <span>{o.summary || o.path}</span>
                </a>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}

function Introduction({ version, baseUrl }: { version: string; baseUrl: string }) {
  return (
    <section class="card">
      <p>
        Programs sign in with an access token from the Account page, sent as <code>Authorization: Bearer …</code>. Times
        are ISO 8601 in UTC, ranges include their start and not their end. Errors are{' '}
        <code>application/problem+json</code> and name the field.
      </p>
      <CodeBlock
        label="Ask for your sources"
        code={`export AMPRA_TOKEN=…\ncurl '${baseUrl}/api/v1/sources' -H "Authorization: Bearer $AMPRA_TOKEN"`}
      />
      <p class="hint">
        Version {version} · <a href="/api/v1/openapi.json">openapi.json</a>
      </p>
    </section>
  );
}

function OperationCard({ operation: o }: { operation: ApiOperation }) {
  return (
    <article class="card api-operation" id={o.anchor}>
      <header>
        <h3>{o.summary || o.path}</h3>
        <p class="api-path">
          <Method method={o.method} />
          <code>{o.path}</code>
          {o.isPublic && <Badge>open</Badge>}
        </p>
        {o.description && <p class="quiet">{o.description}</p>}
      </header>
      {o.parameters.length > 0 && <Fields title="Parameters" fields={o.parameters} showsPlace />}
      {o.body && <Body title="Body" body={o.body} id={`body-${o.anchor}`} />}
      <CodeBlock label="Try it" code={o.curl} id={`try-${o.anchor}`} />
      <Responses responses={o.responses} anchor={o.anchor} />
    </article>
  );
}

function Responses({ responses, anchor }: Pick<ApiOperation, 'responses' | 'anchor'>) {
  const refusals = responses.filter((r) => Number(r.status) >= 400);
  return (
    <div class="api-responses">
      {responses
        .filter((r) => !refusals.includes(r))
        .map((r) => (
          <details class="api-response">
            <summary>
              <span class="api-status">{r.status}</span>
              <span>{r.description}</span>
            </summary>
            <Body body={r} id={`answer-${anchor}-${r.status}`} />
          </details>
        ))}
      {refusals.length > 0 && (
        <details class="api-response">
          <summary>
            <span class="api-status">{refusals.map((r) => r.status).join(' ')}</span>
            <span>Refusals</span>
          </summary>
          <dl class="api-refusals">
            {refusals.map((r) => (
              <div>
                <dt class="api-status">{r.status}</dt>
                <dd>{r.description}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </div>
  );
}

function Body({ title, body, id }: { title?: string; body: ApiBody; id: string }) {
  if (!body.contentType) return <p class="hint">No body.</p>;
  return (
    <div class="api-part">
      {title && <h4>{title}</h4>}
      <p class="hint">{body.contentType}</p>
      {body.fields.length > 0 && <Fields fields={body.fields} />}
      {body.example && <CodeBlock label="Example" code={body.example} id={id} />}
    </div>
  );
}

function Fields({ title, fields, showsPlace }: { title?: string; fields: ApiField[]; showsPlace?: boolean }) {
  return (
    <div class="api-part">
      {title && <h4>{title}</h4>}
      <dl class="api-fields">
        {fields.map((f) => (
          <div class={`api-field api-depth-${Math.min(f.depth, 4)}`}>
            <dt>
              <code>{f.name}</code>
              {f.isRequired && <span class="api-required">required</span>}
            </dt>
            <dd>
              <span class="api-type">
                {showsPlace && `${f.place} · `}
                {f.type}
              </span>
              {f.description && <span>{f.description}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Method({ method }: { method: string }) {
  return <span class="api-method">{method}</span>;
}
