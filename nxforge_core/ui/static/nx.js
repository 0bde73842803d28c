// @ts-check
// The page is complete without this module. With it, it stays fresh.

import { startCards } from "./cards.js";
import "./chart/element.js";
import { startShell } from "./shell.js";
import { connect } from "./stream.js";
import { startClock } from "./words.js";

startClock();
startShell();
startCards();
connect();
