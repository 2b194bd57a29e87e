import { ref } from 'vue';

/** The request whose card had the focus when the palette was opened; "" when none had. */
export const actForKey = ref('');

export function noteFocus(): void {
  const el = document.activeElement;
  actForKey.value = el instanceof HTMLElement ? (el.closest<HTMLElement>('.card')?.dataset.id ?? '') : '';
}
