/* The report being written. It outlives a reload and a look at another page (sessionStorage); photos live in memory only. */
import { reactive, shallowReactive, watch } from 'vue';
import type { Schemas } from '../shared/api';

export interface Draft {
  category: Schemas['CategoryCode'] | '';
  text: string;
  isBehalf: boolean;
  onBehalf: string;
  isUrgent: boolean;
  contact: string;
}

const STORED = 'dy.draft';
const CONTACT = 'dy.contact';
export const PHOTOS_MAX = 6;

const empty = (): Draft => ({ category: '', text: '', isBehalf: false, onBehalf: '', isUrgent: false, contact: lastContact() });

function lastContact(): string {
  try {
    return localStorage.getItem(CONTACT) ?? '';
  } catch {
    return '';
  }
}

function stored(): Partial<Draft> {
  try {
    return JSON.parse(sessionStorage.getItem(STORED) ?? '{}') as Partial<Draft>;
  } catch {
    return {};
  }
}

export const draft = reactive<Draft>({ ...empty(), ...stored() });
export interface DraftPhoto {
  blob: Blob;
  url: string;
}
export const photos = shallowReactive<DraftPhoto[]>([]);

watch(draft, (now) => {
  try {
    sessionStorage.setItem(STORED, JSON.stringify(now));
  } catch {
    /* it lasts for this page only */
  }
});

export function removePhoto(i: number): void {
  const [gone] = photos.splice(i, 1);
  if (gone) URL.revokeObjectURL(gone.url);
}

/** What is sent: only what was filled in. */
export function draftBody(): Schemas['RequestDraft'] {
  const contact = draft.contact.trim();
  const onBehalf = draft.isBehalf ? draft.onBehalf.trim() : '';
  return {
    category: draft.category as Schemas['CategoryCode'],
    text: draft.text.trim(),
    ...(contact ? { contact } : {}),
    ...(onBehalf ? { on_behalf: onBehalf } : {}),
    ...(draft.isUrgent ? { urgent: true } : {}),
  };
}

export function clearDraft(): void {
  try {
    localStorage.setItem(CONTACT, draft.contact.trim());
  } catch {
    /* asked again next time */
  }
  while (photos.length > 0) removePhoto(photos.length - 1);
  Object.assign(draft, empty());
}

/** The server's rule for phones (src/api/input.c). */
export function isPhone(text: string): boolean {
  const phone = text.trim();
  const digits = phone.replace(/\D/g, '').length;
  return phone === '' || (/^\+?[\d -]+$/.test(phone) && digits >= 3 && digits <= 20);
}
