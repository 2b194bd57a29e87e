/* English for console.ts. */
import type { Translation } from '../../shared/i18n';
import type zh from '../zh-CN/console';

export default {
  console: {
    title: 'Danyuan console',
  },
} satisfies Translation<typeof zh>;
