/* The shared icons and those only this face needs. Line icons, 24 x 24. */
import { ICONS as SHARED } from '../../shared/components/DyIcon.vue';

const OWN = {
  board: 'M4 5h4v14H4zM10 5h4v9h-4zM16 5h4v6h-4z',
  rule: 'M4 7h9M17 7h3M4 12h3M11 12h9M4 17h9M17 17h3M15 5v4M9 10v4M15 15v4',
  poster: 'M5 3.5h14v17H5zM8.5 7h3v3h-3zM14 7h1.5v1.5M8.5 13h3v3h-3zM14.5 10.5v5.5M17 13h-1',
  door: 'M6 3.5h12v17H6zM14.5 12h.1M4 20.5h16',
  gauge: 'M4 18a8.5 8.5 0 1 1 16 0M12 18l4-6M4 18h16',
  sheet: 'M4 4.5h16v15H4zM4 9.5h16M4 14.5h16M10 4.5v15',
  chain: 'M10 14a4 4 0 0 0 6 .4l2.5-2.5a4 4 0 0 0-5.7-5.7L11.5 7.5M14 10a4 4 0 0 0-6-.4l-2.5 2.5a4 4 0 0 0 5.7 5.7l1.3-1.3',
  card: 'M7 3.5h10v17H7z',
  pause: 'M9 6v12M15 6v12',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5 20 20',
  filter: 'M4 6h16M7 12h10M10 18h4',
  keyboard: 'M3.5 6.5h17v11h-17zM7 10h.1M10.3 10h.1M13.7 10h.1M17 10h.1M8 14h8',
  print: 'M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z',
  copy: 'M9 9h10v11H9zM15 9V4.5H5V15h4',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  more: 'M5 12h.1M12 12h.1M19 12h.1',
  note: 'M5 4h14v11l-5 5H5zM14 20v-5h5M8.5 8.5h7M8.5 12h4',
  hand: 'M8 12V6.2a1.4 1.4 0 0 1 2.8 0V11M10.8 11V4.8a1.4 1.4 0 0 1 2.8 0V11M13.6 11V6.2a1.4 1.4 0 0 1 2.8 0v8.3c0 3.5-2 6-5.2 6-2.5 0-3.9-1.2-5.2-3.6l-2-3.9c-.7-1.4 1.2-2.5 2.2-1.2L8 14',
} as const;

export const ICONS = { ...SHARED, ...OWN } as const;
export type IconName = keyof typeof ICONS;
