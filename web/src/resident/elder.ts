/* Elder mode: html[data-elder], kept on the device and, once signed in, with the account. Some pages ask one question a
 * screen and show fewer things in it; sizes and colours come from tokens.css alone. */
import { readonly, ref } from 'vue';
import { changeMe, isSignedIn } from '../shared/session';

const STORED = 'dy.elder';
const OFFERED = 'dy.elder.offered';
const ZOOMED_PX = 19.2; /* 1.2 times the usual 16 px */

const on = ref(false);
export const isElder = readonly(on);

function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function write(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    /* it lasts for this page only */
  }
}

export function showElder(next: boolean): void {
  on.value = next;
  document.documentElement.toggleAttribute('data-elder', next);
  write(STORED, next ? '1' : '0');
}

/** Before the first paint. */
export function startElder(): void {
  if (read(STORED) === '1') showElder(true);
}

/** Offered once to those who have set their text large. */
export function shouldOfferElder(): boolean {
  return !on.value && read(OFFERED) === null && parseFloat(getComputedStyle(document.documentElement).fontSize) > ZOOMED_PX;
}

export const elderOffered = (): void => write(OFFERED, '1');

/** The person's own switch. The page changes at once; when the server is not reached the device still remembers. */
export async function setElder(next: boolean): Promise<void> {
  showElder(next);
  elderOffered();
  if (isSignedIn.value) await changeMe({ elder_mode: next }).catch(() => undefined);
}
