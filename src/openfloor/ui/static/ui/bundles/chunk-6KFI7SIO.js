import{a as i}from"./chunk-25MQ4IFQ.js";function n({practice:c=!1}){let e=document.querySelector("[data-practice]")!==null;return e===c?[]:[i(e?"practice_claimed":"practice_hidden")]}export{n as a};
