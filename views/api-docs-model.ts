/** What the API page shows; made from the OpenAPI document by `src/web/api-description.ts`. */
export interface ApiGroup {
  name: string;
  description: string;
  operations: ApiOperation[];
}

export interface ApiOperation {
  /** For links on the page: `get-api-v1-sources-id`. */
  anchor: string;
  method: string;
  path: string;
  summary: string;
  description: string;
  isPublic: boolean;
  parameters: ApiField[];
  body: ApiBody | null;
  responses: (ApiBody & { status: string; description: string })[];
  curl: string;
}

export interface ApiBody {
  contentType: string;
  fields: ApiField[];
  /** JSON text, '' when there is no body. */
  example: string;
}

export interface ApiField {
  name: string;
  /** How deep inside the body, 0 at the top. */
  depth: number;
  /** Where a parameter stands: path, query, header. */
  place: string;
  type: string;
  isRequired: boolean;
  description: string;
}
