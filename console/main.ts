import './console.ts';
import { readTheme, showTheme } from './settings.ts';
import { page } from './tokens.ts';

if (page.styleSheet) document.adoptedStyleSheets = [page.styleSheet];
showTheme(readTheme());
