/* What both pages of imports share: kinds, column names, sending a file. */
import { ApiError, newKey, type Schemas } from '../../shared/api';
import { language } from '../../shared/i18n';

export type Import = Schemas['Import'];
export type ImportRow = Schemas['ImportRow'];
export type Kind = Import['kind'];
export type Verdict = ImportRow['verdict'];

export const KINDS: readonly Kind[] = ['places', 'households', 'posts', 'volunteers'];
export const VERDICTS: readonly Verdict[] = ['bad', 'create', 'change', 'same', 'skip'];
export const FILE_MAX = 10 * 1024 * 1024;

/** "A" for column 0, "AB" for 27. */
export function columnName(column: number): string {
  const last = String.fromCharCode(65 + (column % 26));
  return column < 26 ? last : columnName(Math.floor(column / 26) - 1) + last;
}

export const templateUrl = (kind: Kind): string => `/api/v1/import-templates/${kind}`;
export const copyUrl = (id: string): string => `/api/v1/imports/${encodeURIComponent(id)}/corrected.xlsx`;

/** The dry run of a file; its bytes are the body. */
export async function checkFile(kind: Kind, file: File): Promise<Import> {
  const query = new URLSearchParams({ kind, name: file.name.slice(0, 200) });
  let response: Response;
  try {
    response = await fetch(`/api/v1/imports?${query.toString()}`, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'Content-Type': 'application/octet-stream', 'Idempotency-Key': newKey(), 'Accept-Language': language.value },
      body: file,
    });
  } catch {
    throw new ApiError(0, {});
  }
  const body = (await response.json().catch(() => ({}))) as Import;
  if (!response.ok) throw new ApiError(response.status, body as object);
  return body;
}
