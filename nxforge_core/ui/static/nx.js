// @ts-check
// The page is complete without this module. With it, it stays fresh.

import { startCards } from "./cards.js";
import "./chart/element.js";
import { startDeeds } from "./deeds.js";
import "./logs.js";
import { startPalette } from "./palette.js";
import "./plugin.js";
import { startShell } from "./shell.js";
import { connect } from "./stream.js";
import { startSwap } from "./swap.js";
import { startClock } from "./words.js";

startClock();
startShell();
startPalette();
startCards();
startDeeds();
startSwap();
connect();
