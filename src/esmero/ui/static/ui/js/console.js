// What the team's pages use.
import "./es-due.js";
