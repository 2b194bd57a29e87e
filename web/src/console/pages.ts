/* The pages of the console, one line each: a page is added here, with its name under `nav` in both word files
 * (src/i18n/<language>/console.ts) and, if it needs one, an icon in parts/icons.ts. Its own words go into files of its own:
 * pageWords() in text.ts. Only sign-in and board come with the shell; every other page is fetched when it is opened. */
import type { RouteRecordRaw } from 'vue-router';
import type zh from '../i18n/zh-CN/console';
import { has, type Cap } from '../shared/session';
import Board from './board/Board.vue';
import type { IconName } from './parts/icons';

type Component = NonNullable<RouteRecordRaw['component']>;
/** In the menu the groups stand one after the other; the order inside a group is that of the table. */
export const GROUPS = ['work', 'people', 'office', 'system'] as const;
export type Group = (typeof GROUPS)[number];

export interface MenuPage {
  name: keyof Omit<(typeof zh)['nav'], 'label' | 'signOut' | 'language' | 'account' | 'group'>;
  path: string;
  icon: IconName;
  group: Group;
  /** Without it the page is neither in the menu nor opened. */
  cap?: Cap;
  component: Component;
}

export const PAGES: readonly MenuPage[] = [
  { group: 'work', name: 'board', path: '/', icon: 'board', cap: 'request_read', component: Board },
  { group: 'work', name: 'today', path: '/today', icon: 'home', cap: 'request_read', component: () => import('./today/Today.vue') },
  { group: 'work', name: 'report', path: '/report', icon: 'report', cap: 'place_read', component: () => import('./report/Report.vue') },
  { group: 'work', name: 'notices', path: '/notices', icon: 'bell', cap: 'team_read', component: () => import('./notices/Notices.vue') },
  { group: 'work', name: 'paste', path: '/paste', icon: 'talk', cap: 'place_read', component: () => import('./paste/Paste.vue') },
  { group: 'work', name: 'signUps', path: '/sign-ups', icon: 'list', cap: 'team_read', component: () => import('./sign-ups/SignUps.vue') },
  { group: 'work', name: 'calls', path: '/calls', icon: 'phone', cap: 'request_read', component: () => import('./calls/Calls.vue') },
  { group: 'people', name: 'teams', path: '/teams', icon: 'team', cap: 'team_read', component: () => import('./teams/Teams.vue') },
  { group: 'people', name: 'cover', path: '/cover', icon: 'alert', cap: 'team_read', component: () => import('./cover/Cover.vue') },
  { group: 'people', name: 'people', path: '/people', icon: 'person', cap: 'account_write', component: () => import('./people/People.vue') },
  { group: 'people', name: 'register', path: '/register', icon: 'door', cap: 'register_read', component: () => import('./register/Register.vue') },
  { group: 'office', name: 'oversight', path: '/oversight', icon: 'gauge', cap: 'oversight', component: () => import('./oversight/Oversight.vue') },
  { group: 'office', name: 'posters', path: '/posters', icon: 'poster', cap: 'poster_print', component: () => import('./posters/Posters.vue') },
  { group: 'office', name: 'imports', path: '/imports', icon: 'sheet', cap: 'import', component: () => import('./imports/Imports.vue') },
  { group: 'system', name: 'rule', path: '/rule', icon: 'rule', cap: 'setting_write', component: () => import('./rule/Rule.vue') },
  { group: 'system', name: 'workflow', path: '/workflow', icon: 'clock', cap: 'setting_write', component: () => import('./workflow/Workflow.vue') },
  { group: 'system', name: 'audit', path: '/audit', icon: 'chain', cap: 'audit_read', component: () => import('./audit/Audit.vue') },
  { group: 'system', name: 'about', path: '/about', icon: 'info', component: () => import('./about/About.vue') },
];

/** Pages that others lead to: not in the menu, opened by anybody who is signed in. */
export const SUBPAGES: readonly { name: string; path: string; component: Component }[] = [
  { name: 'paper', path: '/report/paper', component: () => import('./report/Paper.vue') },
  { name: 'cards', path: '/posters/cards', component: () => import('./posters/Cards.vue') },
  { name: 'unsent', path: '/unsent', component: () => import('./unsent/Unsent.vue') },
  { name: 'printList', path: '/print', component: () => import('./print/PrintList.vue') },
  { name: 'request', path: '/requests/:id', component: () => import('./request/RequestPage.vue') },
  { name: 'import', path: '/imports/:id', component: () => import('./imports/ImportPage.vue') },
  { name: 'noticeNew', path: '/notices/new', component: () => import('./notices/NoticeForm.vue') },
  { name: 'notice', path: '/notices/:id', component: () => import('./notices/NoticePage.vue') },
  { name: 'signUp', path: '/sign-ups/:id', component: () => import('./sign-ups/SignUpPage.vue') },
];

/** The pages this person may open, in the order of the menu. */
export function menuPages(): MenuPage[] {
  const mine = PAGES.filter((page) => !page.cap || has(page.cap));
  return GROUPS.flatMap((group) => mine.filter((page) => page.group === group));
}
