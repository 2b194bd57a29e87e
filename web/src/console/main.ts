/* The console: for those who work on requests. Asks who is there before the first page is chosen. */
import '../shared/tokens.css';
import './console.css';
import { createApp } from 'vue';
import { deviceLanguage, setLanguage } from '../shared/i18n';
import { loadSession, session } from '../shared/session';
import App from './App.vue';
import { router } from './router';

async function start(): Promise<void> {
  try {
    await loadSession();
  } catch {
    /* the sign-in page says when the server cannot be reached */
  }
  const own = session.value?.account?.language;
  await setLanguage(own === 'en' || own === 'zh-CN' ? own : deviceLanguage(), false);
  createApp(App).use(router).mount('#app');
}

void start();

if (import.meta.env.PROD && 'serviceWorker' in navigator) void navigator.serviceWorker.register('/console/sw.js').catch(() => undefined);
